import { fingerprint, type InputRequest, requestId } from "./approval.ts";
import type { ApprovalRow } from "./approval-row.ts";
import { type ApprovalConfig, guardFor } from "./policy.ts";
import { type Prompt, promptMessageOf } from "./prompt.ts";
import { type Turn, taskOf } from "./turn.ts";

/** A turn that waits for people, with the prompt that asked. */
export interface PausedTurn {
  readonly turn: Turn;
  readonly prompt: Prompt;
  readonly request: InputRequest;
}

/** Code points of the agent's last paragraph that its card quotes. */
const CONTEXT_LENGTH = 600;

/** A pause as it is entered, with the guards of now; `now` is milliseconds since the epoch. */
export function toRow(
  { turn, prompt, request }: PausedTurn,
  askerIds: readonly string[],
  approval: ApprovalConfig,
  now: number,
): ApprovalRow {
  const guards = request.items.map((item) => [item.id, guardFor(approval, turn.agent, item)] as const);
  const patience = Math.min(...guards.map(([, guard]) => guard.expiresAfterMs));
  const { traceparent, userId } = turn;
  const task = taskOf(turn) ?? { taskId: request.taskId, contextId: request.contextId, traceparent, userId };
  const context = lastParagraph(turn);
  const promptMessage = promptMessageOf(prompt);
  return {
    id: requestId(turn.agent, request),
    turnId: turn.id,
    place: turn.place,
    agent: turn.agent,
    task,
    request,
    fingerprint: fingerprint(turn.agent, request),
    guards: Object.fromEntries(guards),
    askerIds: [...new Set([...askerIds, turn.prompt.actor.id])],
    asker: turn.prompt.actor,
    ...(promptMessage ? { promptMessage } : {}),
    ...(context === "" ? {} : { context }),
    votes: [],
    answers: [],
    requestedAt: now,
    expiresAt: now + patience,
  };
}

function lastParagraph(turn: Turn): string {
  const said = turn.output.findLast((item) => item.kind === "text" && item.text.trim() !== "");
  const paragraphs = said?.kind === "text" ? said.text.trim().split(/\n{2,}/) : [];
  return [...(paragraphs.at(-1) ?? "")].slice(0, CONTEXT_LENGTH).join("");
}
