import { z } from "zod";
import type { ApprovalRow, OutboxRow } from "../conversation/approval-row.ts";
import { actor, address, agent, place, task } from "./row-shapes.ts";

/** A sub-agent whose own task may wait. */
export const via = z.object({ name: z.string(), taskId: z.string(), contextId: z.string() });
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
/** What a paused task asks people. */
export const request = z.object({
  wire: z.enum(["decision", "hitl-v1"]),
  taskId: z.string(),
  contextId: z.string(),
  items: z.array(z.discriminatedUnion("kind", [operation, questions])),
  refusesDoubles: z.boolean(),
  asksAgain: z.boolean(),
});
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
/** A pause that waits. */
export const approvalRow = z.object({
  id: z.string(),
  turnId: z.string(),
  place,
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

/** Readers of what waits for people and of decisions; each throws on a value that is not one. */
export const readApprovalRow = (value: unknown): ApprovalRow => approvalRow.parse(value);
export const readOutboxRow = (value: unknown): OutboxRow => outbox.parse(value);
