import type { ApprovalRow } from "./approval-row.ts";
import { withoutEcho } from "./echo.ts";
import type { Turn } from "./turn.ts";

/** What every log line of a turn says: people read its id as the reference of an error. */
export function idsOf({
  id,
  traceparent,
  contextId,
  taskId,
}: Pick<Turn, "id" | "traceparent" | "contextId" | "taskId">): Record<string, unknown> {
  return { turnId: id, traceparent, contextId, ...(taskId === undefined ? {} : { taskId }) };
}

/** What tells a pause from others. */
export interface PauseIds extends Pick<ApprovalRow, "id" | "turnId"> {
  readonly task: Pick<ApprovalRow["task"], "taskId" | "contextId" | "traceparent">;
}

/** What every log line of a pause says. */
export function pauseIds({ id, turnId, task }: PauseIds): Record<string, unknown> {
  return {
    requestId: id,
    turnId,
    traceparent: task.traceparent,
    contextId: task.contextId,
    taskId: task.taskId,
  };
}

/** One line per turn for the log: who, where, which agent, how it ended, how long it took (milliseconds). */
export function turnLine(turn: Turn): Record<string, unknown> {
  return {
    ...idsOf(turn),
    guildId: turn.place.guildId,
    channelId: turn.place.channelId,
    userId: turn.prompt.actor.id,
    agent: `${turn.agent.namespace}/${turn.agent.name}`,
    cluster: turn.agent.cluster,
    outcome: turn.state,
    code: turn.problem?.code,
    reference: turn.problem?.reference,
    detail: detailOf(turn),
    durationMs: (turn.endedAt ?? turn.startedAt) - turn.startedAt,
    waitedMs: turn.waitedMs,
    pauses: turn.leg,
    tools: [...turn.earlier, ...turn.output].filter((item) => item.kind === "tool").length,
    inputTokens: turn.usage?.inputTokens,
    outputTokens: turn.usage?.outputTokens,
    tokens: turn.usage?.totalTokens,
  };
}

/** The agent's own words, as far as they are its own: it may quote the prompt, or what it gave its tools. */
function detailOf({ problem, prompt, earlier, output }: Turn): string | undefined {
  if (problem?.detail === undefined) return undefined;
  const args = [...earlier, ...output].flatMap((item) => (item.kind === "tool" ? [item.call.args] : []));
  return withoutEcho(problem.detail, [prompt.text, ...args]).slice(0, 500);
}
