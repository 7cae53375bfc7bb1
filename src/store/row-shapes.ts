import { z } from "zod";

/** Pieces of stored rows, in the shapes of the core's own types. */
export const agent = z.object({ cluster: z.string(), namespace: z.string(), name: z.string() });
export const place = z.object({
  kind: z.enum(["channel", "thread", "direct"]),
  guildId: z.string().exactOptional(),
  channelId: z.string(),
  parentId: z.string().exactOptional(),
});
export const actor = z.object({
  id: z.string(),
  name: z.string(),
  roleIds: z.array(z.string()),
  bot: z.boolean(),
  manager: z.boolean(),
});
export const file = z.object({ name: z.string(), mediaType: z.string(), size: z.number(), url: z.string() });
export const address = z.object({ channelId: z.string(), messageId: z.string() });
export const task = z.object({
  taskId: z.string(),
  contextId: z.string(),
  userId: z.string(),
  traceparent: z.string(),
});
