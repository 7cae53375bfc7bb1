import type { Clock } from "../conversation/ports.ts";
import type { A2ALimits } from "./options.ts";
import type { Task } from "./wire/model.ts";

/**
 * Whether a task still lives. Signs of life are bytes on its stream and changes of the stored task; an agent in a
 * long tool call gives neither for minutes, so only a long silence means anything.
 */
export class Life {
  readonly #clock: Clock;
  readonly #limits: A2ALimits;
  #last: number;
  #print = "";
  #agentAway = false;
  #restarted = false;

  constructor(clock: Clock, limits: A2ALimits) {
    this.#clock = clock;
    this.#limits = limits;
    this.#last = clock.now();
  }

  /** The silence was too long. */
  get extinct(): boolean {
    const { silenceMs, restartSilenceMs } = this.#limits;
    const limit = this.#restarted ? Math.min(silenceMs, restartSilenceMs) : silenceMs;
    return this.#clock.now() - this.#last >= limit;
  }

  /** Bytes came. */
  seen(): void {
    this.#last = this.#clock.now();
  }

  /** Events came: whatever was away is back. */
  flowing(): void {
    this.#restarted = false;
    this.seen();
  }

  /** The agent could not be reached. */
  away(): void {
    this.#agentAway = true;
  }

  /** The agent answered: when it was away, it was restarted, and a restart ends every run that it had. */
  answered(): void {
    if (!this.#agentAway) return;
    this.#agentAway = false;
    this.#restarted = true;
    this.seen();
  }

  /** The task, read once more; true when it changed. */
  compare(task: Task): boolean {
    const print = fingerprint(task);
    if (print === this.#print) return false;
    this.#print = print;
    this.seen();
    return true;
  }
}

function fingerprint(task: Task): string {
  const sizes = task.artifacts.map((artifact) => artifact.parts.length);
  return [task.state, task.timestamp ?? "", task.history.length, ...sizes].join(" ");
}
