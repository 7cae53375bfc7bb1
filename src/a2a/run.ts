import type { AgentEvent, Outgoing } from "../conversation/agent.ts";
import type { BridgeError } from "../conversation/errors.ts";
import type { Clock, Log } from "../conversation/ports.ts";
import { CallError, type Failure, isAgentAway, neverArrived } from "./call-error.ts";
import { concluding } from "./conclusion.ts";
import { RunReader } from "./kagent/run-reader.ts";
import { Life } from "./life.ts";
import type { A2ALimits } from "./options.ts";
import type { Caller } from "./rpc.ts";
import { agentLost } from "./sentences.ts";
import { readStream, type StreamEnd, type StreamOptions } from "./stream.ts";
import { cancelTask, findByMessage, readTask } from "./task-lookup.ts";
import type { TaskPort } from "./task-port.ts";
import { isPaused, isTerminal, type Task } from "./wire/model.ts";

/** What following one run needs. */
export interface RunContext {
  readonly port: TaskPort;
  readonly caller: Caller;
  readonly contextId: string;
  /** The name of the agent, for sentences. */
  readonly agent: string;
  readonly clock: Clock;
  readonly limits: A2ALimits;
  readonly log: Log;
  readonly signal: AbortSignal;
  /** The sentence for a failed call. */
  readonly explain: (error: unknown) => Promise<BridgeError>;
}

type Events = AsyncGenerator<AgentEvent, void, undefined>;

/** One run at an agent: streams as long as it can, picks the task up when it cannot, and always finds an end. */
export class Run {
  readonly #context: RunContext;
  readonly #reader: RunReader;
  readonly #life: Life;
  #taskId: string | undefined;
  #message: Outgoing | undefined;
  #subscribable = true;
  #unknownTimes = 0;
  #retryAfterMs = 0;

  constructor(context: RunContext) {
    this.#context = context;
    this.#reader = new RunReader(context.limits.maxFileBytes);
    this.#life = new Life(context.clock, context.limits);
  }

  /** Sends the message, once, and follows what it starts. Throws `BridgeError` when it surely did not arrive. */
  async *send(message: Outgoing): Events {
    this.#message = message;
    this.#taskId = message.taskId;
    const { port, explain } = this.#context;
    const end = yield* this.#read((signal, onBytes) => port.send(message, signal, onBytes), false);
    if (this.#aborted) return;
    if (end.failure && !end.received && neverArrived(end.failure)) throw await explain(end.error);
    yield* this.#settle(end);
  }

  /** Follows a run that was started before; what it gave out so far comes as a snapshot. */
  async *follow(taskId: string): Events {
    this.#taskId = taskId;
    const task = await this.#poll();
    if (this.#aborted) return;
    if (task) yield* this.#replay(task);
    if (this.#reader.end) yield* this.#conclude();
    else yield* this.#pursue();
  }

  get #aborted(): boolean {
    return this.#context.signal.aborted;
  }

  get #task(): { readonly taskId: string; readonly contextId: string } | undefined {
    const taskId = this.#reader.taskId ?? this.#taskId;
    return taskId === undefined
      ? undefined
      : { taskId, contextId: this.#reader.contextId || this.#context.contextId };
  }

  async *#settle(end: StreamEnd): Events {
    if (end.kind === "settled" && !this.#reader.incomplete) return yield* this.#conclude();
    this.#context.log.info(
      { taskId: this.#task?.taskId, end: end.kind, err: end.error },
      "a stream was lost",
    );
    const empty = end.kind === "closed" && this.#reader.endedEmpty;
    this.#reader.interrupted();
    if (end.failure?.kind === "too-large") return yield* this.#failed("failed", end.error);
    yield { kind: "connection", connected: false };
    if (!this.#task && !(yield* this.#locate(end))) return;
    if (empty && (yield* this.#endedEmpty())) return;
    yield* this.#pursue();
  }

  // Python's empty runs end in `working`: nothing will ever come, and the stored task never moves.
  async *#endedEmpty(): AsyncGenerator<AgentEvent, boolean, undefined> {
    const task = await this.#poll();
    if (task?.state !== "working") return false;
    yield { kind: "over", outcome: "completed" };
    return true;
  }

  // The first event never came: only the store can tell whether the message arrived.
  async *#locate(end: StreamEnd): AsyncGenerator<AgentEvent, boolean, undefined> {
    const { port, caller, signal } = this.#context;
    const message = this.#message;
    const pauses = end.failure?.kind === "rpc" ? [0, 1000] : [0, 1000, 2000, 4000, 8000];
    for (const pause of message && port.hasStore ? pauses : []) {
      await this.#sleep(pause);
      const task = message && (await findByMessage(port, message, caller, signal));
      if (this.#aborted) return false;
      if (task) yield* this.#replay(task);
      if (task) return true;
    }
    yield* this.#notArrived(end);
    return false;
  }

  async *#notArrived(end: StreamEnd): Events {
    const { failure } = end;
    const mayRun = failure ? failure.kind === "cut" || failure.kind === "http" : end.kind !== "closed";
    // A stream without a byte is how a controller passes on a refusal of its agent.
    const error =
      end.error ??
      new CallError(mayRun ? { kind: "cut" } : { kind: "rpc", code: 0, message: "empty stream" });
    yield* this.#failed(mayRun ? "lost" : "failed", error);
  }

  async *#pursue(): Events {
    for (let attempt = 0; !this.#aborted; attempt += 1) {
      if (attempt > 0) await this.#sleep(this.#pause(attempt));
      if (!this.#reader.end && (yield* this.#resubscribe())) attempt = 0;
      const task = await this.#poll();
      if (this.#aborted) return;
      if (task && isSettled(task)) yield* this.#replay(task);
      if (task && isSettled(task)) return yield* this.#conclude();
      // The stream may know the end some seconds before the store does.
      if (this.#reader.end && attempt >= STORE_LAG_ATTEMPTS) return yield* this.#conclude();
      if (this.#reader.end) continue;
      if (task && this.#life.compare(task) && task.artifacts.length > 0) yield* this.#replay(task);
      if (this.#life.extinct || this.#unknownTimes >= UNKNOWN_TIMES) return yield* this.#giveUp();
    }
  }

  /** Reads the run's stream again; true when it brought something. */
  async *#resubscribe(): AsyncGenerator<AgentEvent, boolean, undefined> {
    const { port, caller } = this.#context;
    const task = this.#task;
    if (!task || !this.#subscribable || this.#life.extinct || this.#aborted) return false;
    this.#reader.interrupted();
    const open: StreamOptions["open"] = (signal, onBytes) =>
      port.subscribe(task.taskId, caller, signal, onBytes);
    const end = yield* this.#read(open, true);
    if (end.failure) this.#note(end.failure);
    if (end.failure?.kind === "rpc" && UNSUPPORTED.has(end.failure.code)) this.#subscribable = false;
    if (end.received && !this.#reader.end && !this.#aborted) yield { kind: "connection", connected: false };
    return end.received;
  }

  async *#giveUp(): Events {
    const { port, caller, signal, agent, limits } = this.#context;
    const task = this.#task;
    const outcome = task ? await cancelTask(port, task, caller, signal) : "unknown";
    const now = outcome === "already-over" ? await this.#poll() : undefined;
    if (this.#aborted) return;
    if (now && isSettled(now)) {
      yield* this.#replay(now);
      return yield* this.#conclude();
    }
    const error = agentLost(agent, limits.silenceMs, outcome === "canceled");
    yield { kind: "over", outcome: "lost", error };
  }

  async *#replay(task: Task): Events {
    this.#reader.task(task);
    yield* this.#reader.take();
  }

  async *#conclude(): Events {
    const { end } = this.#reader;
    if (end) yield concluding(end, this.#context.agent);
  }

  async *#failed(outcome: "failed" | "lost", error: unknown): Events {
    yield { kind: "over", outcome, error: await this.#context.explain(error) };
  }

  #read(open: StreamOptions["open"], resuming: boolean): AsyncGenerator<AgentEvent, StreamEnd, undefined> {
    const { clock, limits, signal } = this.#context;
    const [reader, life] = [this.#reader, this.#life];
    const probe = (stopped: AbortSignal): Promise<boolean> => this.#probe(stopped);
    return readStream({ open, reader, life, clock, idleMs: limits.idleMs, probe, resuming, signal });
  }

  // A silent stream is normal; it is given up only when the task has moved on without it, or for ever.
  async #probe(signal: AbortSignal): Promise<boolean> {
    const { port, caller } = this.#context;
    const known = this.#task;
    if (!known) {
      const found = this.#message && (await findByMessage(port, this.#message, caller, signal));
      return found !== undefined || this.#life.extinct;
    }
    const { task } = await readTask(port, known, caller, signal);
    if (task && isSettled(task)) return true;
    if (task) this.#life.compare(task);
    return this.#life.extinct;
  }

  async #poll(): Promise<Task | undefined> {
    const { port, caller, signal } = this.#context;
    const known = this.#task;
    if (!known) return undefined;
    const { task, failure } = await readTask(port, known, caller, signal);
    this.#unknownTimes =
      !task && failure?.kind === "rpc" && failure.code === TASK_NOT_FOUND ? this.#unknownTimes + 1 : 0;
    if (failure) this.#note(failure);
    else this.#life.answered();
    return task;
  }

  #note(failure: Failure): void {
    if (isAgentAway(failure)) this.#life.away();
    if (failure.kind === "http") this.#retryAfterMs = failure.retryAfterMs ?? 0;
  }

  #pause(attempt: number): number {
    const backOff = Math.min(1000 * 2 ** (attempt - 1), MAX_PAUSE_MS);
    const asked = this.#retryAfterMs;
    this.#retryAfterMs = 0;
    // After a restart of the controller everybody is back at the same moment.
    return Math.max(asked, backOff * (0.75 + Math.random() / 2));
  }

  async #sleep(ms: number): Promise<void> {
    if (ms > 0) await this.#context.clock.sleep(ms, this.#context.signal).catch(() => {});
  }
}

const MAX_PAUSE_MS = 30_000;
const STORE_LAG_ATTEMPTS = 3;
const TASK_NOT_FOUND = -32001;
/** A task that its agent and the store do not know so often in a row is gone. */
const UNKNOWN_TIMES = 4;
const UNSUPPORTED: ReadonlySet<number> = new Set([-32601, -32004]);

function isSettled(task: Task): boolean {
  return isTerminal(task.state) || isPaused(task.state);
}
