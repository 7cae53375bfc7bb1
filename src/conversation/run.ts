import type { AgentEvent, TaskRef } from "./agent.ts";
import { BridgeError } from "./errors.ts";
import type { Clock, Log, Reply } from "./ports.ts";
import { failedWith, isOver, type Problem, reduce, type Turn } from "./turn.ts";
import { idsOf } from "./turn-line.ts";
import { untilAborted } from "./until-aborted.ts";

/** A turn that is going on in this process. */
export interface Live {
  turn: Turn;
  readonly reply: Reply;
  /** Ends reading; the run at the agent is not touched. */
  readonly abort: AbortController;
  /** Called once the agent named its task, even after a stop. */
  readonly onNamed: (task: Pick<TaskRef, "taskId" | "contextId">) => void;
  /** Resolves when the turn is settled or left for the next start. */
  done: Promise<void>;
}

/** What the loop needs of its surroundings. */
export interface RunOptions {
  readonly clock: Clock;
  readonly log: Log;
  /** Keeps the turn for a restart. */
  readonly save: (turn: Turn) => Promise<void>;
}

/**
 * The one loop of the program: every event of an agent changes the turn, and the reply shows the latest turn.
 * Returns when the turn waits, is over, or reading was aborted; never rejects.
 */
export async function converse(
  live: Live,
  events: () => AsyncIterable<AgentEvent>,
  options: RunOptions,
): Promise<void> {
  const { clock, log, save } = options;
  try {
    for await (const event of untilAborted(events(), live.abort.signal)) {
      live.turn = reduce(live.turn, event, clock.now());
      if (event.kind === "task") live.onNamed(event);
      if (isMilestone(event)) log.debug({ ...idsOf(live.turn), ...detailsOf(event) }, "agent event");
      if (isMilestone(event)) await save(live.turn);
      live.reply.show(live.turn);
      if (live.turn.state !== "working" || live.abort.signal.aborted) return;
    }
    if (!live.abort.signal.aborted) throw new Error("the agent's events ended without an end");
  } catch (error) {
    if (live.abort.signal.aborted || isOver(live.turn)) return;
    // What we refuse in our own words is no bug: people read the sentence, the log keeps the cause.
    const level = error instanceof BridgeError ? "warn" : "error";
    log[level]({ err: error, reference: live.turn.id, ...idsOf(live.turn) }, "a turn failed");
    const mayStillRun = live.turn.taskId !== undefined;
    live.turn = failedWith(live.turn, toProblem(error, live.turn.id), mayStillRun, clock.now());
  }
}

/** What people see of an error: our own sentence where there is one, else only a reference for the log. */
export function toProblem(error: unknown, reference: string): Problem {
  if (error instanceof BridgeError) return { code: error.code, sentence: error.message, reference };
  return {
    code: "internal",
    sentence:
      "Something went wrong on my side. Try again; if it happens again, show an operator the reference.",
    reference,
  };
}

/** What a log may have of an event: nothing that anybody said, and no argument. */
function detailsOf(event: AgentEvent): Readonly<Record<string, unknown>> {
  const { kind } = event;
  if (kind === "tool-call") return { event: kind, tool: event.call.name, callId: event.call.id };
  if (kind === "tool-result") return { event: kind, callId: event.id, ok: event.ok };
  if (kind === "usage") return { event: kind, ...event.usage };
  return kind === "over" ? { event: kind, outcome: event.outcome } : { event: kind };
}

/** Whether the turn must survive a restart in the state that this event brings. Single words need not. */
function isMilestone(event: AgentEvent): boolean {
  return event.kind !== "thinking" && !(event.kind === "text" && event.append) && event.kind !== "connection";
}
