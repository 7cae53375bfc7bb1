import type { AgentEvent, Outgoing } from "../conversation/agent.ts";
import { textsIn } from "../conversation/echo.ts";
import { CallError, neverArrived, neverDelivered } from "./call-error.ts";
import { concluding } from "./conclusion.ts";
import { Doubt } from "./doubt.ts";
import { replyOf } from "./kagent/hitl/reply.ts";
import { pauseText } from "./kagent/pause.ts";
import { RunReader } from "./kagent/run-reader.ts";
import { Life } from "./life.ts";
import type { RunContext } from "./run-context.ts";
import { agentLost } from "./sentences.ts";
import { readStream, type StreamEnd, type StreamOptions } from "./stream.ts";
import { isSettled, type TaskAddress, TaskWatch } from "./task-watch.ts";
import type { Task } from "./wire/model.ts";

type Events = AsyncGenerator<AgentEvent, void, undefined>;

/** One run at an agent: streams as long as it can, picks the task up when it cannot, and always finds an end. */
export class Run {
  readonly #context: RunContext;
  readonly #reader: RunReader;
  readonly #life: Life;
  readonly #watch: TaskWatch;
  readonly #doubt: Doubt;
  #taskId: string | undefined;
  #message: Outgoing | undefined;
  #subscribable = true;

  constructor(context: RunContext) {
    this.#context = context;
    this.#reader = new RunReader(context.limits.maxFileBytes, context.answered);
    this.#doubt = new Doubt(context.clock, context.answered);
    this.#life = new Life(context.clock, context.limits);
    this.#watch = new TaskWatch(context.port, context.caller, this.#life);
  }

  /**
   * Sends the message, once, and follows what it starts. Throws `BridgeError` when it surely did not arrive. A decision
   * that the task does not show ends with the same pause again.
   */
  async *send(message: Outgoing): Events {
    this.#message = message;
    this.#taskId = message.taskId;
    const { port, explain } = this.#context;
    const reply = replyOf(message);
    const end = yield* this.#read((signal, onBytes) => port.send(message, reply, signal, onBytes), false);
    if (this.#aborted) return;
    const isUnsent = reply ? neverDelivered : neverArrived;
    if (end.failure && !end.received && isUnsent(end.failure)) throw await explain(end.error);
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

  get #task(): TaskAddress | undefined {
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
    this.#doubt.begin();
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
    const { port, signal } = this.#context;
    const message = this.#message;
    const pauses = end.failure?.kind === "rpc" ? [0, 1000] : [0, 1000, 2000, 4000, 8000];
    for (const pause of message && port.hasStore ? pauses : []) {
      await this.#sleep(pause);
      const task = message && (await this.#watch.find(message, signal));
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
      if (attempt > 0) await this.#sleep(this.#doubt.pause(this.#watch.pause(attempt)));
      if (!this.#reader.end && !this.#doubt.about && (yield* this.#resubscribe())) attempt = 0;
      const task = await this.#poll();
      if (this.#aborted) return;
      if (task) this.#doubt.read(this.#reader.isAnswered(task));
      if (task && this.#doubt.isOver) return yield* this.#unmoved();
      if (task && this.#doubt.about) continue;
      if (task && isSettled(task)) yield* this.#replay(task);
      if (task && isSettled(task)) return yield* this.#conclude();
      // The stream may know the end some seconds before the store does.
      if (this.#reader.end && attempt >= STORE_LAG_ATTEMPTS) return yield* this.#conclude();
      if (this.#reader.end) continue;
      if (task && this.#life.compare(task) && task.artifacts.length > 0) yield* this.#replay(task);
      if (this.#life.extinct || this.#watch.gone) return yield* this.#giveUp();
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
    if (end.failure) this.#watch.note(end.failure);
    if (end.failure?.kind === "rpc" && UNSUPPORTED.has(end.failure.code)) this.#subscribable = false;
    if (end.received && !this.#reader.end && !this.#aborted) yield { kind: "connection", connected: false };
    return end.received;
  }

  // Whether a decision arrived cannot be told; nobody may take that for the end of the run.
  async *#unmoved(): Events {
    const request = this.#doubt.about;
    if (request) yield { kind: "waiting", text: pauseText(undefined, request), request };
  }

  async *#giveUp(): Events {
    if (this.#doubt.about && !this.#watch.gone) return yield* this.#unmoved();
    const { signal, agent, limits } = this.#context;
    const task = this.#task;
    const outcome = task ? await this.#watch.cancel(task, signal) : "unknown";
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
    const { agent, port } = this.#context;
    const said = textsIn([this.#message?.text, this.#message?.reply]);
    if (end) yield concluding(end, agent, (text) => port.withoutEcho(text, said));
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

  // A silent stream is normal; before its first event only the store can tell whether there is a task.
  async #probe(signal: AbortSignal): Promise<boolean> {
    const task = this.#task;
    if (task) return this.#watch.isOver(task, signal);
    const found = this.#message && (await this.#watch.find(this.#message, signal));
    return found !== undefined || this.#life.extinct;
  }

  async #poll(): Promise<Task | undefined> {
    const task = this.#task;
    return task && this.#watch.poll(task, this.#context.signal);
  }

  async #sleep(ms: number): Promise<void> {
    if (ms > 0) await this.#context.clock.sleep(ms, this.#context.signal).catch(() => {});
  }
}

const STORE_LAG_ATTEMPTS = 3;
const UNSUPPORTED: ReadonlySet<number> = new Set([-32601, -32004]);
