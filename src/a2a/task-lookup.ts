import type { CancelOutcome } from "../conversation/agent.ts";
import { type Failure, failureOf } from "./call-error.ts";
import type { Caller } from "./rpc.ts";
import type { TaskPort } from "./task-port.ts";
import { isTerminal, type Task } from "./wire/model.ts";

/** A task read from its agent, or else from the controller's store; with what its agent said where that failed. */
export interface TaskReading {
  readonly task?: Task;
  readonly failure?: Failure;
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
    const stored = await port.stored(task.contextId, caller, signal).catch(() => []);
    const found = stored.findLast(({ taskId }) => taskId === task.taskId);
    return { failure, ...(found ? { task: found } : {}) };
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
