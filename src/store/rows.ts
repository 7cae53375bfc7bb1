import { z } from "zod";
import type { ApprovalRow, OutboxRow } from "../conversation/approval-row.ts";
import type { ConversationRow, PlaceRow } from "../conversation/context.ts";
import type { Prompt } from "../conversation/prompt.ts";
import type { TurnRow } from "../conversation/turn-row.ts";

const agent = z.object({ cluster: z.string(), namespace: z.string(), name: z.string() });
export const placeSchema = z.object({
  kind: z.enum(["channel", "thread", "direct"]),
  guildId: z.string().exactOptional(),
  channelId: z.string(),
  parentId: z.string().exactOptional(),
});
const actor = z.object({
  id: z.string(),
  name: z.string(),
  roleIds: z.array(z.string()),
  bot: z.boolean(),
  manager: z.boolean(),
});
const file = z.object({ name: z.string(), mediaType: z.string(), size: z.number(), url: z.string() });
const address = z.object({ channelId: z.string(), messageId: z.string() });
const task = z.object({
  taskId: z.string(),
  contextId: z.string(),
  userId: z.string(),
  traceparent: z.string(),
});
const prompt = z.object({
  id: z.string(),
  place: placeSchema,
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
const via = z.object({ name: z.string(), taskId: z.string(), contextId: z.string() });
const operation = z.object({
  kind: z.literal("operation"),
  id: z.string(),
  callId: z.string(),
  tool: z.string(),
  args: z.string(),
  via: via.exactOptional(),
});
const questions = z.object({
  kind: z.literal("questions"),
  id: z.string(),
  callId: z.string(),
  questions: z.array(z.object({ text: z.string(), choices: z.array(z.string()), multiple: z.boolean() })),
  via: via.exactOptional(),
});
const request = z.object({
  wire: z.enum(["decision", "hitl-v1"]),
  taskId: z.string(),
  contextId: z.string(),
  items: z.array(z.discriminatedUnion("kind", [operation, questions])),
  refusesDoubles: z.boolean(),
  asksAgain: z.boolean(),
});
const turn = z.object({
  id: z.string(),
  place: placeSchema,
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

const guard = z.object({
  basis: z.enum(["rule", "manager", "anyone", "nobody"]),
  effect: z.enum(["ask", "allow", "deny"]),
  roleIds: z.array(z.string()),
  userIds: z.array(z.string()),
  count: z.number(),
  distinctRoles: z.boolean(),
  askerMayApprove: z.boolean(),
  directMessages: z.boolean(),
  expiresAfterMs: z.number(),
});
const vote = z.object({
  itemId: z.string(),
  actorId: z.string(),
  actorName: z.string(),
  roleIds: z.array(z.string()),
  manager: z.boolean().exactOptional(),
  approved: z.boolean(),
  reason: z.string().exactOptional(),
  at: z.number(),
});
const approval = z.object({
  id: z.string(),
  turnId: z.string(),
  place: placeSchema,
  agent,
  task,
  request,
  fingerprint: z.string(),
  guards: z.record(z.string(), guard),
  askerIds: z.array(z.string()),
  asker: actor,
  promptMessage: address.exactOptional(),
  context: z.string().exactOptional(),
  votes: z.array(vote),
  answers: z.array(
    z.object({
      itemId: z.string(),
      index: z.number(),
      values: z.array(z.string()),
      actorId: z.string(),
      actorName: z.string(),
    }),
  ),
  requestedAt: z.number(),
  expiresAt: z.number(),
  card: address.exactOptional(),
  announcement: address.exactOptional(),
  remindedAt: z.number().exactOptional(),
});
const decision = z.object({
  verdicts: z.array(
    z.object({
      itemId: z.string(),
      approved: z.boolean(),
      reason: z.string().exactOptional(),
      answers: z.array(z.array(z.string())).exactOptional(),
    }),
  ),
});
const outbox = z.object({
  state: z.enum(["decided", "sending", "doubtful", "delivered", "dropped"]),
  decision,
  by: z.enum(["people", "rule", "expiry", "stop", "closed"]),
  actor: z.object({ id: z.string(), name: z.string() }).exactOptional(),
  votes: z.array(vote).exactOptional(),
  decidedAt: z.number(),
  recorded: z.literal(true).exactOptional(),
  attempts: z.number(),
  owner: z.string().exactOptional(),
  sentAt: z.number().exactOptional(),
  traceparent: z.string().exactOptional(),
});

/** Readers of every kind of row the core keeps; each throws on a value that is not one. */
export const readTurnRow = (value: unknown): TurnRow =>
  z.object({ turn, prompt, painted, rested: z.boolean().exactOptional() }).parse(value);
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
export const readApprovalRow = (value: unknown): ApprovalRow => approval.parse(value);
export const readOutboxRow = (value: unknown): OutboxRow => outbox.parse(value);
export const readPlaceRow = (value: unknown): PlaceRow => z.object({ agent }).parse(value);
export const readFlag = (value: unknown): boolean => z.boolean().parse(value);

const asked = z.object({
  actor,
  place: placeSchema,
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
