import { fingerprint, type InputRequest, type RequestItem } from "../../../src/conversation/approval.ts";
import type { ApprovalRow } from "../../../src/conversation/approval-row.ts";
import type { Conversations } from "../../../src/conversation/conversations.ts";
import type { Place } from "../../../src/conversation/place.ts";
import { type ApprovalConfig, guardFor } from "../../../src/conversation/policy.ts";
import type { Prompt } from "../../../src/conversation/prompt.ts";

const agent = { cluster: "default", namespace: "kagent", name: "k8s-agent" };

/** An operation called after its position. */
export function operation(index: number, tool = "delete_pod"): RequestItem {
  const args = `{"name":"web-${index}"}`;
  return { kind: "operation", id: `confirm-${index}`, callId: `call-${index}`, tool, args };
}

/** A set of questions; each with choices, or none for free text. */
export function questions(
  texts: readonly string[],
  choices: readonly string[] = [],
  multiple = false,
): RequestItem {
  const asked = texts.map((text) => ({ text, choices, multiple }));
  return { kind: "questions", id: "ask-0", callId: "call-ask", questions: asked };
}

/** A pause of this place, as the core enters it. */
export function rowOf(
  id: string,
  place: Place,
  items: readonly RequestItem[],
  askerId: string,
  approval: ApprovalConfig,
): ApprovalRow {
  const request: InputRequest = {
    wire: "decision",
    taskId: `task-${id}`,
    contextId: "context",
    items,
    refusesDoubles: false,
    asksAgain: false,
  };
  return {
    id,
    turnId: `turn-${id}`,
    place,
    agent,
    task: { taskId: request.taskId, contextId: "context", userId: "user", traceparent: "" },
    request,
    fingerprint: fingerprint(agent, request),
    guards: Object.fromEntries(items.map((item) => [item.id, guardFor(approval, agent, item)])),
    askerIds: [askerId],
    asker: { id: askerId, name: "ana", roleIds: [], bot: false, manager: false },
    votes: [],
    answers: [],
    requestedAt: Date.now(),
    expiresAt: Date.now() + approval.expiresAfterMs,
  };
}

/** A core that notes what is asked and which places are left. */
export function conversationsWith(asked: Prompt[], left: ((place: Place) => boolean)[]): Conversations {
  return {
    ask: async (prompt) => void asked.push(prompt),
    needRoom: () => {},
    position: () => 0,
    stop: async () => "rejected",
    promptOf: async () => undefined,
    renew: async () => {},
    agentOf: async () => agent,
    setAgent: async () => {},
    contextOf: async () => "context",
    status: async () => ({ running: undefined, waiting: [], agent }),
    editWaiting: async () => false,
    removeWaiting: async () => [],
    leave: async (isGone) => void left.push(isGone),
    recover: async () => 0,
    hold: () => {},
    close: async () => {},
    running: () => 0,
    unfinished: () => [],
  };
}
