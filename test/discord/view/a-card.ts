import type {
  InputRequest,
  Operation,
  QuestionSet,
  RequestItem,
} from "../../../src/conversation/approval.ts";
import type { ApprovalRow, Card, CardState } from "../../../src/conversation/approval-row.ts";
import type { Guard } from "../../../src/conversation/policy.ts";
import type { Vote } from "../../../src/conversation/standing.ts";
import type { CardLook } from "../../../src/discord/view/card-view.ts";

/** When the pauses of these tests begin, in milliseconds since the epoch. */
export const ASKED_AT = 1_700_000_000_000;

const GUARD: Guard = {
  basis: "rule",
  effect: "ask",
  roleIds: ["700"],
  userIds: [],
  count: 1,
  distinctRoles: false,
  askerMayApprove: false,
  directMessages: false,
  expiresAfterMs: 3_600_000,
};

const ANYONE: Guard = {
  ...GUARD,
  basis: "anyone",
  roleIds: [],
  askerMayApprove: true,
  directMessages: true,
};

/** Two clusters, one of them production; operations are guarded by role 700. */
export const LOOK: CardLook = {
  clusters: [
    { name: "prod", label: "Production EU", color: 0xd64545, production: true },
    { name: "test", label: "Test", production: false },
  ],
  guardNow: (_, item) => (item.kind === "questions" ? ANYONE : GUARD),
};

export function guarded(guard: Partial<Guard>): CardLook {
  return { ...LOOK, guardNow: (_, item) => (item.kind === "questions" ? ANYONE : { ...GUARD, ...guard }) };
}

export function operation(id: string, args: object | string = {}, more: Partial<Operation> = {}): Operation {
  const text = typeof args === "string" ? args : JSON.stringify(args);
  return { kind: "operation", id, callId: `call-${id}`, tool: "scale_thing", args: text, ...more };
}

export function questions(
  id: string,
  ...asked: readonly (readonly [string, (readonly string[])?, boolean?])[]
): QuestionSet {
  return {
    kind: "questions",
    id,
    callId: `call-${id}`,
    questions: asked.map(([text, choices = [], multiple = false]) => ({ text, choices, multiple })),
  };
}

/** A card of ana's, asked in a thread of a server. */
export function aCard(
  items: readonly RequestItem[],
  more: Partial<ApprovalRow> = {},
  state: CardState = { kind: "open" },
): Card {
  const request: InputRequest = {
    wire: "decision",
    taskId: "task1",
    contextId: "ctx1",
    items,
    refusesDoubles: false,
    asksAgain: false,
  };
  const row: ApprovalRow = {
    id: "requestId1234567",
    turnId: "turn1",
    place: { kind: "thread", guildId: "1", channelId: "20", parentId: "10" },
    agent: { cluster: "prod", namespace: "kagent", name: "k8s-agent" },
    task: { taskId: "task1", contextId: "ctx1", userId: "user", traceparent: "00-0-0-01" },
    request,
    fingerprint: "f",
    guards: {},
    askerIds: ["42"],
    asker: { id: "42", name: "ana", roleIds: [], bot: false, manager: false },
    promptMessage: { channelId: "10", messageId: "30" },
    votes: [],
    answers: [],
    requestedAt: ASKED_AT,
    expiresAt: ASKED_AT + 3_600_000,
    ...more,
  };
  return { row, state };
}

export function vote(itemId: string, actorName: string, approved = true, more: Partial<Vote> = {}): Vote {
  return {
    itemId,
    actorId: actorName,
    actorName,
    roleIds: ["700"],
    approved,
    at: ASKED_AT + 60_000,
    ...more,
  };
}
