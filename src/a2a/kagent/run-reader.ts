import type { AgentEvent, RunOutcome } from "../../conversation/agent.ts";
import type { InputRequest } from "../../conversation/approval.ts";
import {
  isPaused,
  isTerminal,
  type Message,
  type StatusUpdate,
  type Task,
  type TaskState,
  type WireEvent,
} from "../wire/model.ts";
import { EventQueue } from "./event-queue.ts";
import { isSamePause, readRequest } from "./hitl/request.ts";
import { metadataValue } from "./metadata.ts";
import { type FileFilter, Output } from "./output.ts";
import { textOf } from "./parts.ts";
import { pauseText } from "./pause.ts";
import { readStored } from "./stored-output.ts";

/**
 * How a run stands when it does not go on by itself; `text` is the agent's own wording, perhaps empty. `notResumed`: a
 * decision did not get through to a sub-agent, although the run went on.
 */
export type RunEnd =
  | { readonly kind: "waiting"; readonly text: string; readonly request?: InputRequest }
  | {
      readonly kind: "over";
      readonly outcome: Exclude<RunOutcome, "lost">;
      readonly text: string;
      readonly notResumed?: true;
    };

/** Reads the events of one run, whatever the dialect, and keeps what is needed to tell repeats from news. */
export class RunReader {
  readonly #queue = new EventQueue();
  readonly #files: FileFilter;
  readonly #answered: InputRequest | undefined;
  #output: Output;
  #taskId: string | undefined;
  #contextId = "";
  #end: RunEnd | undefined;
  #incomplete = false;
  #endedEmpty = false;

  /** Files above `maxFileBytes` are left out. `answered`: the pause that was just decided, which is no end. */
  constructor(maxFileBytes: number, answered?: InputRequest) {
    this.#answered = answered;
    this.#files = { maxBytes: maxFileBytes, seen: new Set() };
    this.#output = new Output(this.#queue.push, this.#files);
  }

  get taskId(): string | undefined {
    return this.#taskId;
  }

  get contextId(): string {
    return this.#contextId;
  }

  get end(): RunEnd | undefined {
    return this.#end;
  }

  /** Events were missed, so that only the stored task tells everything. */
  get incomplete(): boolean {
    return this.#incomplete;
  }

  /** The stream stopped at the mark that an empty run of a Python agent leaves instead of an end. */
  get endedEmpty(): boolean {
    return this.#endedEmpty && this.#output.empty;
  }

  /** The neutral events since the last call. */
  take(): readonly AgentEvent[] {
    return this.#queue.take();
  }

  /** Events were missed. */
  interrupted(): void {
    this.#incomplete = true;
    this.#output.text.interrupted();
  }

  read(event: WireEvent): void {
    this.#endedEmpty = false;
    switch (event.kind) {
      case "status":
        this.#status(event.update);
        break;
      case "artifact":
        this.#identify(event.update.taskId, event.update.contextId);
        this.#output.artifact(event.update);
        break;
      case "task":
        this.task(event.task);
        break;
      case "message":
        this.#output.whole(event.message, undefined);
        this.#end = { kind: "over", outcome: "completed", text: "" };
    }
  }

  /** A whole task: what it holds replaces all output before, and its state may be the end. */
  task(task: Task): void {
    this.#identify(task.taskId, task.contextId);
    if (this.isAnswered(task)) return;
    this.#replay(task);
    if (isTerminal(task.state) || isPaused(task.state)) this.#conclude(task.state, task.message);
  }

  /** Whether a task, or an update of one, still shows the pause that was just decided. */
  isAnswered({ state, message }: Pick<Task, "state" | "message">): boolean {
    if (!this.#answered) return false;
    const request = this.#request(state, message);
    return request !== undefined && isSamePause(request, this.#answered);
  }

  #request(state: TaskState, message: Message | undefined): InputRequest | undefined {
    if (state !== "input-required") return undefined;
    return readRequest(message, { taskId: this.#taskId ?? "", contextId: this.#contextId });
  }

  #identify(taskId: string, contextId: string): void {
    if (taskId === "" || taskId === this.#taskId) return;
    this.#taskId = taskId;
    this.#contextId = contextId;
    this.#queue.push({ kind: "task", taskId, contextId });
  }

  #status(update: StatusUpdate): void {
    this.#identify(update.taskId, update.contextId);
    // Our own message comes back as an echo.
    const message = update.message?.role === "user" ? undefined : update.message;
    if (this.isAnswered(update)) return;
    if (isTerminal(update.state) || isPaused(update.state)) {
      this.#output.total(update.metadata);
      this.#conclude(update.state, message);
      return;
    }
    if (message) this.#output.message(message, update.metadata);
    // An empty run of a Python agent ends with the state it has; behind a controller even the flag is lost.
    if (update.final) this.#end ??= { kind: "over", outcome: "completed", text: "" };
    this.#endedEmpty = !update.message && metadataValue(update.metadata, "invocation_id") !== undefined;
  }

  #conclude(state: TaskState, message: Message | undefined): void {
    // 1.0 Python reports a cancel twice, the second time as a failure.
    if (this.#end) return;
    const outcome = outcomeOf(state);
    if (outcome === undefined) {
      const request = this.#request(state, message);
      const text = this.#reason(pauseText(message, request));
      this.#end = { kind: "waiting", text, ...(request ? { request } : {}) };
    } else if (outcome === "completed") {
      if (message) this.#closing(message);
      // A run may complete with nothing but a warning, such as an answer that was cut by its limit.
      if (this.#output.text.empty && this.#output.failure !== "")
        this.#output.text.full(this.#output.failure);
      this.#end = {
        kind: "over",
        outcome,
        text: "",
        ...(this.#output.notResumed ? { notResumed: true } : {}),
      };
    } else {
      const text = this.#reason(message ? textOf(message.parts) : "") || this.#output.failure;
      this.#end = wasCanceled(text)
        ? { kind: "over", outcome: "canceled", text: "" }
        : { kind: "over", outcome, text };
    }
  }

  // Some runtimes give the reason as ordinary text first.
  #reason(text: string): string {
    this.#output.text.retract(text);
    return text;
  }

  #closing(message: Message): void {
    const text = textOf(message.parts);
    if (text !== "") this.#output.text.closing(text);
    this.#output.whole(
      { ...message, parts: message.parts.filter((part) => part.kind !== "text") },
      undefined,
    );
  }

  #replay(task: Task): void {
    const stored = readStored(task, this.#files, this.#output.text.unfinished);
    if (!stored) return;
    for (const event of stored.events) this.#queue.push(event);
    this.#output = stored.continueWith(this.#queue.push);
  }
}

function outcomeOf(state: TaskState): "completed" | "failed" | "canceled" | "rejected" | undefined {
  return state === "completed" || state === "failed" || state === "canceled" || state === "rejected"
    ? state
    : undefined;
}

function wasCanceled(text: string): boolean {
  return /^A2A request execution was cancell?ed\.?$/.test(text);
}
