import type { Clock } from "../../conversation/ports.ts";
import type { Outcome } from "./request.ts";
import type { Scheduler } from "./scheduler.ts";

/** The "is typing" sign of one answer. It yields to every other request. */
export interface Typing {
  start(): void;
  /** Whether the sign is to go on showing; to be called whenever something changed. */
  keep(silent: boolean): void;
  /** The answer is over, or waits for a person. */
  stop(): void;
}

export interface TypingOptions {
  readonly scheduler: Scheduler;
  readonly clock: Clock;
  readonly channelId: string;
}

/** Discord shows it for 10 s. */
const REPEAT_MS = 8_000;

/** A typing sign that is off until `start`. */
export function createTyping({ scheduler, clock, channelId }: TypingOptions): Typing {
  let wanted = false;
  let running = false;
  let pause = new AbortController();

  function request(): Promise<Outcome> {
    return scheduler.request({
      kind: "typing",
      channelId,
      priority: "typing",
      repeatable: false,
      call: () => (wanted ? { method: "POST", path: `/channels/${channelId}/typing` } : undefined),
    });
  }

  async function run(): Promise<void> {
    running = true;
    while (wanted) {
      const outcome = await request();
      if (outcome.kind === "refused" || outcome.kind === "closed") return;
      if (wanted) await rest();
    }
    running = false;
  }

  async function rest(): Promise<void> {
    pause = new AbortController();
    await clock.sleep(REPEAT_MS, pause.signal).catch(() => undefined);
  }

  function keep(silent: boolean): void {
    if (silent === wanted) return;
    wanted = silent;
    pause.abort();
    if (wanted && !running) void run();
  }

  return { start: () => keep(true), keep, stop: () => keep(false) };
}
