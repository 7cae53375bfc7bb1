import { z } from "zod";
import type { ConversationRow, PlaceRow } from "../conversation/context.ts";
import type { Prompt } from "../conversation/prompt.ts";
import type { TurnRow } from "../conversation/turn-row.ts";
import { approvalRow, request, via } from "./approval-rows.ts";
import { actor, address, agent, file, place, task } from "./row-shapes.ts";

const prompt = z.object({
  id: z.string(),
  place,
  agent,
  actor,
  text: z.string(),
  material: z.string().exactOptional(),
  files: z.array(file),
  discordMessageId: z.string().exactOptional(),
  source: address.exactOptional(),
  starter: address.exactOptional(),
  promptMessage: address.exactOptional(),
  starterWaits: z.boolean().exactOptional(),
  asReply: z.boolean().exactOptional(),
  previousAgent: agent.exactOptional(),
  shownId: z.string().exactOptional(),
  traceparent: z.string().exactOptional(),
  createdAt: z.number(),
});
const call = z.object({
  id: z.string(),
  name: z.string(),
  args: z.string(),
  subagent: z.string().exactOptional(),
});
const output = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("text"), segment: z.string(), text: z.string() }),
  z.object({
    kind: z.literal("tool"),
    call,
    startedAt: z.number(),
    endedAt: z.number().exactOptional(),
    ok: z.boolean().exactOptional(),
  }),
]);
const turn = z.object({
  id: z.string(),
  place,
  agent,
  contextId: z.string(),
  userId: z.string(),
  messageId: z.string(),
  traceparent: z.string(),
  taskId: z.string().exactOptional(),
  prompt: z.object({ actor, text: z.string(), discordMessageId: z.string().exactOptional() }),
  // A turn that is over is deleted, but for a stop that is still to be shown; what is stored otherwise goes on.
  state: z.enum(["working", "waiting", "stopped"]).catch("working"),
  output: z.array(output),
  files: z.array(z.never()).catch([]),
  usage: z
    .object({ inputTokens: z.number(), outputTokens: z.number(), totalTokens: z.number() })
    .exactOptional(),
  question: z.string().exactOptional(),
  request: request.exactOptional(),
  earlier: z.array(output),
  leg: z.number(),
  subagents: z.array(via),
  waitingSince: z.number().exactOptional(),
  waitedMs: z.number(),
  stopping: z.boolean(),
  stillRunning: z.boolean(),
  reconnecting: z.boolean(),
  startedAt: z.number(),
  endedAt: z.number().exactOptional(),
});
const painted = z.object({ messageIds: z.array(z.string()), closingId: z.string().exactOptional() });

/** Readers of every kind of row the core keeps; each throws on a value that is not one. */
export const readTurnRow = (value: unknown): TurnRow =>
  z
    .object({
      turn,
      prompt,
      painted,
      rested: z.boolean().exactOptional(),
      decidedPause: approvalRow.exactOptional(),
    })
    .parse(value);
export const readPrompt = (value: unknown): Prompt => prompt.parse(value);
export const readConversationRow = (value: unknown): ConversationRow =>
  z
    .object({
      contextId: z.string(),
      userId: z.string(),
      askerIds: z.array(z.string()),
      leftRunning: task.exactOptional(),
      waiting: task.exactOptional(),
    })
    .parse(value);
export const readPlaceRow = (value: unknown): PlaceRow => z.object({ agent }).parse(value);
export const readFlag = (value: unknown): boolean => z.boolean().parse(value);

const asked = z.object({
  actor,
  place,
  text: z.string(),
  material: z.string().exactOptional(),
  files: z.array(file),
  agent: z.string().exactOptional(),
  cluster: z.string().exactOptional(),
  messageId: z.string().exactOptional(),
  thread: z.discriminatedUnion("possible", [
    z.object({ possible: z.literal(true) }),
    z.object({
      possible: z.literal(false),
      missing: z.array(z.string()),
      foreign: z.literal(true).exactOptional(),
    }),
  ]),
});

/** A question that waits for a click or a form: the shape is the Discord folder's `Pending`. */
export const readPending = (value: unknown) =>
  z.object({ actorId: z.string(), asked, requestId: z.string().exactOptional() }).parse(value);
