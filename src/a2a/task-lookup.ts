import type { CancelOutcome, TaskLook, TaskRef } from "../conversation/agent.ts";
import { CallError, type Failure, failureOf } from "./call-error.ts";
import { readRequest } from "./kagent/hitl/request.ts";
import { pauseText } from "./kagent/pause.ts";
import type { Caller } from "./rpc.ts";
import type { TaskPort } from "./task-port.ts";
import { isPaused, isTerminal, type Task } from "./wire/model.ts";

/** A task read from its agent, or else from the controller's store; with what its agent said where that failed. */
export interface TaskReading {
  readonly task?: Task;
  readonly failure?: Failure;
  /** The agent says that there is no such task, and where there is a store, that has none either. */
  readonly unknown?: true;
}

/** Reads a task; errors of agents mean little, so the store is asked before anything is believed. Never throws. */
export async function readTask(
  port: TaskPort,
  task: { readonly taskId: string; readonly contextId: string },
  caller: Caller,
  signal: AbortSignal,
): Promise<TaskReading> {
  try {
    return { task: await port.get(task.taskId, caller, signal) };
  } catch (error) {
    const failure = failureOf(error);
    const stored = await port.stored(task.contextId, caller, signal).catch(() => undefined);
    const found = stored?.findLast(({ taskId }) => taskId === task.taskId);
    if (found) return { failure, task: found };
    return { failure, ...(stored && isNotFound(failure) ? { unknown: true } : {}) };
  }
}

/** The stored task that one of our messages started; undefined when there is none, or nobody can tell. Never throws. */
export async function findByMessage(
  port: TaskPort,
  message: { readonly messageId: string; readonly contextId: string },
  caller: Caller,
  signal: AbortSignal,
): Promise<Task | undefined> {
  const stored = await port.stored(message.contextId, caller, signal).catch(() => []);
  return stored.findLast((task) => task.history.some(({ messageId }) => messageId === message.messageId));
}

/** Asks for the end of a task. An error says nothing by itself: the task's state decides. Never throws. */
export async function cancelTask(
  port: TaskPort,
  task: { readonly taskId: string; readonly contextId: string },
  caller: Caller,
  signal: AbortSignal,
): Promise<CancelOutcome> {
  let failure: Failure | undefined;
  try {
    const answer = await port.cancel(task.taskId, caller, signal);
    if (answer.state === "canceled") return "canceled";
    if (isTerminal(answer.state)) return "already-over";
  } catch (error) {
    failure = failureOf(error);
  }
  const { task: now } = await readTask(port, task, caller, signal);
  if (!now) return "unknown";
  if (now.state === "canceled") return "canceled";
  if (isTerminal(now.state)) return "already-over";
  return failure?.kind === "rpc" ? "unsupported" : "unknown";
}

/** What a task is right now, or why nobody could tell. Never throws. */
export async function lookAt(port: TaskPort, task: TaskRef, signal: AbortSignal): Promise<TaskLook | Unread> {
  const { task: found, failure, unknown } = await readTask(port, task, task, signal);
  if (unknown) return { state: "gone" };
  if (!found) return { failure: new CallError(failure ?? CUT) };
  const outcome = outcomeOf(found.state);
  if (outcome) return { state: "over", outcome };
  return isPaused(found.state) ? waitingLook(found, task.contextId) : { state: "working" };
}

function waitingLook({ taskId, contextId, state, message }: Task, fallback: string): TaskLook {
  const address = { taskId, contextId: contextId || fallback };
  const request = state === "input-required" ? readRequest(message, address) : undefined;
  return { state: "waiting", text: pauseText(message, request), ...(request ? { request } : {}) };
}

interface Unread {
  readonly failure: CallError;
}

const CUT: Failure = { kind: "cut" };
const TASK_NOT_FOUND = -32001;

function isNotFound(failure: Failure): boolean {
  return failure.kind === "rpc" && failure.code === TASK_NOT_FOUND;
}

function outcomeOf(state: Task["state"]): "completed" | "failed" | "canceled" | "rejected" | undefined {
  return state === "completed" || state === "failed" || state === "canceled" || state === "rejected"
    ? state
    : undefined;
}
