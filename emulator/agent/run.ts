import type { Dialect, Wire } from "./dialect.ts";
import type { JsonObject } from "./json.ts";
import { createTask, type Task } from "./task.ts";

/** How a run's events stop: it came to its end or a pause, or the process behind it is gone. */
type RunEnd = "settled" | "lost";

/** Who hears the events of a run as they happen. */
interface Listener {
  event(result: JsonObject): void;
  end(how: RunEnd): void;
}

/** One task and whoever listens to it. A run does not depend on anybody listening. */
export interface Run {
  readonly agent: string;
  readonly dialect: Dialect;
  /** The wire form of its events. */
  readonly form: Wire;
  readonly taskId: string;
  readonly contextId: string;
  readonly userId: string;
  /** What people said in it: the prompt, then the replies to pauses. */
  readonly prompts: string[];
  readonly task: Task;
  /** Whether events are still to come. */
  live(): boolean;
  begin(): void;
  /** Stores an event and tells it to everybody who listens. */
  publish(event: JsonObject): void;
  /** Stores an event that only one caller hears. */
  store(event: JsonObject): void;
  /** No events come any more, until the next `begin`. */
  settle(how: RunEnd): void;
  /** Called once, when somebody cancels or the process dies: the source of events must stop. */
  onStop(stop: () => void): void;
  /** Stops the source of events. */
  stop(): void;
  listen(listener: Listener): () => void;
}

/** `changed` is told of everything that happens, `settled` of the end of the events. */
export function createRun(
  ids: Pick<Run, "agent" | "dialect" | "form" | "taskId" | "contextId" | "userId">,
  { changed, settled }: { readonly changed: () => void; readonly settled: () => void },
): Run {
  const task = createTask(ids.form, ids.taskId, ids.contextId);
  const listeners = new Set<Listener>();
  let live = false;
  let stopSource: (() => void) | undefined;

  return {
    ...ids,
    prompts: [],
    task,
    live: () => live,
    begin() {
      live = true;
      changed();
    },
    publish(event) {
      task.apply(event);
      for (const listener of [...listeners]) listener.event(event);
      changed();
    },
    store(event) {
      task.apply(event);
      changed();
    },
    settle(how) {
      if (!live) return;
      live = false;
      for (const listener of [...listeners]) listener.end(how);
      listeners.clear();
      settled();
      changed();
    },
    onStop: (stop) => {
      stopSource = stop;
    },
    stop: () => {
      stopSource?.();
      stopSource = undefined;
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
