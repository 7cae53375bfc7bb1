import type { InputRequest } from "../conversation/approval.ts";
import type { Clock } from "../conversation/ports.ts";

/** A task that still shows the decided pause this long after its stream is taken as unmoved (ms). */
const UNMOVED_MS = 30_000;
/** Meanwhile it is read at least this often (ms). */
const LONGEST_PAUSE_MS = 4_000;

/** Whether a decision arrived, where its stream did not tell: the task shows it, or goes on showing the decided pause. */
export class Doubt {
  readonly #clock: Clock;
  readonly #answered: InputRequest | undefined;
  #since: number | undefined;
  #settled = false;

  /** Without `answered` there is never a doubt. */
  constructor(clock: Clock, answered: InputRequest | undefined) {
    this.#clock = clock;
    this.#answered = answered;
  }

  /** The pause of which nobody knows whether it was decided. */
  get about(): InputRequest | undefined {
    return this.#settled || this.#since === undefined ? undefined : this.#answered;
  }

  /** The task had its time. */
  get isOver(): boolean {
    return this.about !== undefined && this.#clock.now() - (this.#since ?? 0) >= UNMOVED_MS;
  }

  /** The stream is lost. */
  begin(): void {
    this.#since ??= this.#clock.now();
  }

  /** The task was read; `waits`: it still shows the decided pause. */
  read(waits: boolean): void {
    this.#settled = !waits;
  }

  /** Milliseconds until the next look, where without a doubt it would be `pauseMs`. */
  pause(pauseMs: number): number {
    return this.about ? Math.min(pauseMs, LONGEST_PAUSE_MS) : pauseMs;
  }
}
