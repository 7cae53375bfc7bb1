import type { AgentEvent, AgentFile, TaskRef, Usage } from "./agent.ts";
import type { AgentRef } from "./agent-ref.ts";
import { type InputRequest, type Subagent, subagentsOf } from "./approval.ts";
import type { ErrorCode } from "./errors.ts";
import type { Actor, Place } from "./place.ts";
import {
  fromSnapshot,
  type OutputItem,
  sinceLastPause,
  withCall,
  withResult,
  withText,
} from "./turn-output.ts";

/** `working` → `waiting` (the agent paused for a human) or one of the ends. */
export type TurnState = "working" | "waiting" | "completed" | "failed" | "stopped" | "lost";

/** Why a turn failed: a sentence of ours, the agent's own words for the log alone, and the reference found there. */
export interface Problem {
  readonly code: ErrorCode;
  readonly sentence: string;
  readonly detail?: string;
  readonly reference?: string;
}

/** What a person asked, as far as it must be remembered for the answer. */
interface TurnPrompt {
  readonly actor: Actor;
  readonly text: string;
  /** The Discord message that asked, to reply to. */
  readonly discordMessageId?: string;
}

/** One prompt and its answer. Only the functions of this file make a changed one. */
export interface Turn {
  readonly id: string;
  readonly place: Place;
  readonly agent: AgentRef;
  readonly contextId: string;
  readonly userId: string;
  readonly messageId: string;
  readonly traceparent: string;
  readonly taskId?: string;
  readonly prompt: TurnPrompt;
  readonly state: TurnState;
  readonly output: readonly OutputItem[];
  readonly files: readonly AgentFile[];
  readonly usage?: Usage;
  /** The agent's wording of what it waits for. */
  readonly question?: string;
  /** What it waits for, as data, while people can decide it here. */
  readonly request?: InputRequest;
  /** What was given out before the last pause: it stays in the messages above the card. */
  readonly earlier: readonly OutputItem[];
  /** How many pauses were decided. */
  readonly leg: number;
  /** Sub-agents about whose operations people decided: their own tasks may still wait. */
  readonly subagents: readonly Subagent[];
  /** Milliseconds since the epoch at which the present pause began. */
  readonly waitingSince?: number;
  /** Milliseconds that the turn waited for people in all finished pauses. */
  readonly waitedMs: number;
  readonly problem?: Problem;
  /** A stop was asked for and the run has not ended yet. */
  readonly stopping: boolean;
  /** The run at the agent may still be going on although the turn is over. */
  readonly stillRunning: boolean;
  /** The stream was lost and is being picked up again. */
  readonly reconnecting: boolean;
  readonly startedAt: number;
  readonly endedAt?: number;
}

/** What `startTurn` needs; the rest of a turn follows. */
export type NewTurn = Pick<
  Turn,
  "id" | "place" | "agent" | "contextId" | "userId" | "messageId" | "traceparent" | "prompt" | "startedAt"
>;

/** A turn whose prompt is on its way to the agent. */
export function startTurn(start: NewTurn): Turn {
  return {
    ...start,
    state: "working",
    output: [],
    earlier: [],
    leg: 0,
    subagents: [],
    waitedMs: 0,
    files: [],
    stopping: false,
    stillRunning: false,
    reconnecting: false,
  };
}

/** Whether nothing more will happen in this turn. */
export function isOver(turn: Turn): boolean {
  return turn.state !== "working" && turn.state !== "waiting";
}

/** The turn after one event of its agent; `now` is milliseconds since the epoch. Events after the end change nothing. */
export function reduce(turn: Turn, event: AgentEvent, now: number): Turn {
  if (isOver(turn)) return turn;
  switch (event.kind) {
    case "task":
      return { ...turn, taskId: event.taskId, contextId: event.contextId };
    case "thinking":
    case "subagent-waiting":
      return turn;
    case "text":
      return { ...turn, output: withText(turn.output, event.segment, event.text, event.append) };
    case "tool-call":
      return { ...turn, output: withCall(turn.output, event.call, now) };
    case "tool-result":
      return { ...turn, output: withResult(turn.output, event.id, event.ok, now) };
    case "file":
      return { ...turn, files: [...turn.files, event.file] };
    case "usage":
      return { ...turn, usage: event.usage };
    case "snapshot":
      return {
        ...turn,
        output: fromSnapshot(sinceLastPause(event.output, turn.earlier), turn.output, now),
      };
    case "connection":
      return { ...turn, reconnecting: !event.connected };
    case "waiting":
      return waitingFor(turn, event.text, event.request, now);
    case "over":
      return ended(turn, event, now);
  }
}

/** The turn after a pause was decided: what it said stays above the card, and tools that were waiting go on. */
export function resumed(turn: Turn, now: number): Turn {
  const { question: _, request, waitingSince, ...rest } = turn;
  const goesOn = (item: OutputItem) => item.kind === "tool" && item.endedAt === undefined;
  return {
    ...rest,
    state: "working",
    stopping: false,
    leg: turn.leg + 1,
    subagents: [...turn.subagents, ...(request ? subagentsOf(request) : [])],
    earlier: [...turn.earlier, ...turn.output.filter((item) => !goesOn(item))],
    // It waited until now, and only begins.
    output: turn.output.filter(goesOn).map((item) => ({ ...item, startedAt: now })),
    files: [],
    waitedMs: turn.waitedMs + (waitingSince === undefined ? 0 : now - waitingSince),
  };
}

/** The turn while a stop that somebody asked for is on its way. */
export function stopRequested(turn: Turn): Turn {
  return isOver(turn) ? turn : { ...turn, stopping: true };
}

/** The turn after a stop; `stillRunning`: the agent could not be stopped and only its output is hidden. */
export function stopped(turn: Turn, stillRunning: boolean, now: number): Turn {
  if (isOver(turn)) return turn;
  return { ...turn, state: "stopped", stopping: false, stillRunning, reconnecting: false, endedAt: now };
}

/** The turn after something on our side, or on the way to the agent, went wrong. */
export function failedWith(turn: Turn, problem: Problem, stillRunning: boolean, now: number): Turn {
  if (isOver(turn)) return turn;
  const state = problem.code === "agent-lost" ? "lost" : "failed";
  return { ...turn, state, problem, stopping: false, stillRunning, reconnecting: false, endedAt: now };
}

/** The task of a turn, once the agent named it. */
export function taskOf(turn: Turn): TaskRef | undefined {
  const { taskId, contextId, userId, traceparent } = turn;
  return taskId === undefined ? undefined : { taskId, contextId, userId, traceparent };
}

function waitingFor(turn: Turn, question: string, request: InputRequest | undefined, now: number): Turn {
  const asked = request === undefined ? {} : { request };
  return { ...turn, state: "waiting", question, ...asked, waitingSince: now, reconnecting: false };
}

function ended(turn: Turn, event: AgentEvent & { readonly kind: "over" }, now: number): Turn {
  const over = { ...turn, stopping: false, reconnecting: false, endedAt: now };
  if (event.outcome === "completed") return { ...over, state: "completed" };
  if (event.outcome === "canceled") return { ...over, state: "stopped" };
  const lost = event.outcome === "lost";
  const problem: Problem = {
    code: event.error?.code ?? (lost ? "agent-lost" : "agent-failed"),
    sentence: event.error?.message ?? sentenceFor(event.outcome),
    ...(event.text === undefined ? {} : { detail: event.text }),
    reference: turn.id,
  };
  return { ...over, state: lost ? "lost" : "failed", problem, stillRunning: lost };
}

function sentenceFor(outcome: "failed" | "rejected" | "lost"): string {
  if (outcome === "lost") return "The agent stopped reporting, and its run may be lost. Try again.";
  if (outcome === "rejected")
    return "The agent refused this request. Ask in other words, or ask another agent.";
  return "The agent could not finish. Try again, or ask in other words.";
}
