/** The emulator's time. It runs like the real one, and tests can move it forward. */
export interface Clock {
  /** Milliseconds since 1970, real time plus everything advanced so far. */
  now(): number;
  /** Jumps forward by `ms`; whatever falls due on the way runs before this returns, in order. */
  advance(ms: number): void;
  /** Runs `task` once `ms` of this clock have passed; the result cancels it. */
  after(ms: number, task: () => void): () => void;
  /** Forgets every planned task. */
  stop(): void;
}

interface Planned {
  readonly at: number;
  readonly task: () => void;
  timer?: NodeJS.Timeout;
}

export function createClock(): Clock {
  const planned = new Set<Planned>();
  let offset = 0;
  const now = () => Date.now() + offset;

  const arm = (entry: Planned) => {
    clearTimeout(entry.timer);
    const wait = Math.min(Math.max(entry.at - now(), 0), 2 ** 31 - 1);
    entry.timer = setTimeout(() => fire(entry), wait).unref();
  };
  const fire = (entry: Planned) => {
    // A timer may fire a millisecond early; the plan is the truth.
    if (entry.at > now()) return arm(entry);
    clearTimeout(entry.timer);
    if (planned.delete(entry)) entry.task();
  };
  const forget = (entry: Planned) => {
    clearTimeout(entry.timer);
    planned.delete(entry);
  };

  return {
    now,
    advance(ms) {
      offset += ms;
      for (const entry of [...planned].sort((a, b) => a.at - b.at)) arm(entry);
      for (const entry of dueAt(planned, now())) fire(entry);
    },
    after(ms, task) {
      const entry: Planned = { at: now() + ms, task };
      planned.add(entry);
      arm(entry);
      return () => forget(entry);
    },
    stop() {
      for (const entry of [...planned]) forget(entry);
    },
  };
}

function dueAt(planned: ReadonlySet<Planned>, time: number): Planned[] {
  return [...planned].filter((entry) => entry.at <= time).sort((a, b) => a.at - b.at);
}
