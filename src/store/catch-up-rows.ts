import { z } from "zod";
import { place } from "./row-shapes.ts";

const watermark = z.object({ messageId: z.string() });
const missed = z.object({
  place,
  prompts: z.array(
    z.object({
      messageId: z.string(),
      actorId: z.string(),
      name: z.string(),
      text: z.string(),
      asking: z.boolean(),
    }),
  ),
  shownId: z.string().exactOptional(),
});

/** Readers of the rows of catching up: the shapes are the Discord folder's `Watermark` and `MissedList`. */
export const readWatermark = (value: unknown) => watermark.parse(value);
export const readMissedList = (value: unknown) => missed.parse(value);
