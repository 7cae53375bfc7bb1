import { z } from "zod";
import { count, flag } from "./schema-parts.ts";

const PER_USER = "Prompts of one person within so many minutes. Unset: any number.";
const PER_GUILD = "Prompts of all people of a guild together. Unset: any number.";

const rate = (most: number, description: string) =>
  z
    .strictObject({
      count: z.int().min(1).max(most).describe("How many."),
      minutes: z.int().min(1).max(1440).describe("Each one counts for this long."),
    })
    .optional()
    .describe(description);
const atOnce = (description: string) => z.int().min(1).max(1000).optional().describe(description);

/** The section `limits` of the file. */
export const limitsSchema = z.strictObject({
  queueLength: count(0, 100, 10, "Prompts that may wait in one place."),
  silenceMinutes: count(1, 1440, 15, "After this long without a sign of a run, it counts as lost."),
  maxMessages: count(1, 50, 8, "Messages of one answer; the rest goes into an attached file."),
  promptsPerUser: rate(1000, PER_USER),
  promptsPerGuild: rate(1000, PER_GUILD),
  turnsPerUser: atOnce("Conversations of one person that may go on at once. Unset: any number."),
  turnsPerGuild: atOnce("Conversations of a guild that may go on at once. Unset: any number."),
  exemptManagers: flag(false, "Whether members with Manage Server may ask as much as they like."),
});
