import type { CancelOutcome } from "../conversation/agent.ts";
import { type Failure, isAgentAway } from "./call-error.ts";
import type { Life } from "./life.ts";
import type { Caller } from "./rpc.ts";
import { cancelTask, findByMessage, readTask } from "./task-lookup.ts";
import type { TaskPort } from "./task-port.ts";
import { isPaused, isTerminal, type Task } from "./wire/model.ts";

/** Where a task is found. */
export interface TaskAddress {
  readonly taskId: string;
  readonly contextId: string;
}

/** Looks at one task beside its stream and keeps what that tells: whether it lives, and when to ask again. */
export class TaskWatch {
  readonly #port: TaskPort;
  readonly #caller: Caller;
  readonly #life: Life;
  #unknownTimes = 0;
  #retryAfterMs = 0;

  constructor(port: TaskPort, caller: Caller, life: Life) {
    this.#port = port;
    this.#caller = caller;
    this.#life = life;
  }

  /** Neither the agent nor the store has known the task for several times in a row. */
  get gone(): boolean {
    return this.#unknownTimes >= UNKNOWN_TIMES;
  }

  /** The task as it stands; undefined when nobody can tell. Never rejects. */
  async poll(task: TaskAddress, signal: AbortSignal): Promise<Task | undefined> {
    const reading = await readTask(this.#port, task, this.#caller, signal);
    const { failure } = reading;
    this.#unknownTimes = reading.unknown ? this.#unknownTimes + 1 : 0;
    if (failure) this.note(failure);
    else this.#life.answered();
    return reading.task;
  }

  /** Whether a silent stream is to be given up: the task has moved on without it, or it is silent for too long. */
  async isOver(task: TaskAddress, signal: AbortSignal): Promise<boolean> {
    const reading = await readTask(this.#port, task, this.#caller, signal);
    if (reading.task && isSettled(reading.task)) return true;
    if (reading.task) this.#life.compare(reading.task);
    return this.#life.extinct;
  }

  /** The task that a message started; undefined when nobody can tell. Never rejects. */
  find(
    message: { readonly messageId: string; readonly contextId: string },
    signal: AbortSignal,
  ): Promise<Task | undefined> {
    return findByMessage(this.#port, message, this.#caller, signal);
  }

  cancel(task: TaskAddress, signal: AbortSignal): Promise<CancelOutcome> {
    return cancelTask(this.#port, task, this.#caller, signal);
  }

  /** Learns from a call that failed. */
  note(failure: Failure): void {
    if (isAgentAway(failure)) this.#life.away();
    if (failure.kind === "http") this.#retryAfterMs = failure.retryAfterMs ?? 0;
  }

  /** Milliseconds to wait before the given attempt, the first being 1. */
  pause(attempt: number): number {
    const backOff = Math.min(1000 * 2 ** (attempt - 1), MAX_PAUSE_MS);
    const asked = this.#retryAfterMs;
    this.#retryAfterMs = 0;
    // After a restart of the controller everybody is back at the same moment.
    return Math.max(asked, backOff * (0.75 + Math.random() / 2));
  }
}

const MAX_PAUSE_MS = 30_000;
const UNKNOWN_TIMES = 4;

/** Whether a task is over or waits. */
export function isSettled(task: Task): boolean {
  return isTerminal(task.state) || isPaused(task.state);
}
