import type { AgentEvent } from "./agent.ts";
import type { InputRequest } from "./approval.ts";

/** What sending a decision came to: `same`: the task still waits for exactly this. */
export type Arrival =
  | {
      readonly kind: "moved";
      readonly events: AsyncIterable<AgentEvent>;
      /** Listens no more, instead of reading the events. */
      leave(): void;
    }
  | { readonly kind: "same" };

/** What `arrivalOf` needs to tell a task that moved from one that did not. */
export interface ArrivalOptions {
  readonly isSame: (request: InputRequest | undefined) => boolean;
  /** Reads the task: whether it does not wait for the decision any more. Asked while nothing telling comes. */
  readonly hasMoved: () => Promise<boolean>;
  /** Resolves after some seconds without news. */
  readonly pause: (attempt: number) => Promise<void>;
}

// They come from a task that is only read, too.
const NEUTRAL: ReadonlySet<AgentEvent["kind"]> = new Set([
  "task",
  "connection",
  "thinking",
  "usage",
  "snapshot",
]);

/**
 * Listens to what follows a decision until it is known whether the task took it. The events are then all of them, from
 * the first. Rejects as the events do.
 */
export async function arrivalOf(
  events: AsyncIterable<AgentEvent>,
  options: ArrivalOptions,
): Promise<Arrival> {
  const iterator = events[Symbol.asyncIterator]();
  const heard: AgentEvent[] = [];
  let next = iterator.next();
  const moved = (): Arrival => ({
    kind: "moved",
    events: rest(heard, next, iterator),
    leave() {
      next.catch(() => {});
      iterator.return?.().catch(() => {});
    },
  });
  for (let attempt = 0; ; ) {
    const first = await Promise.race([next, options.pause(attempt).then(() => undefined)]);
    if (first === undefined) {
      attempt += 1;
      if (await options.hasMoved()) return moved();
      continue;
    }
    if (first.done) return moved();
    if (first.value.kind === "waiting" && options.isSame(first.value.request)) return { kind: "same" };
    if (!NEUTRAL.has(first.value.kind)) return moved();
    heard.push(first.value);
    next = iterator.next();
  }
}

async function* rest(
  heard: readonly AgentEvent[],
  next: Promise<IteratorResult<AgentEvent>>,
  iterator: AsyncIterator<AgentEvent>,
): AsyncIterable<AgentEvent> {
  try {
    yield* heard;
    for (let one = await next; !one.done; one = await iterator.next()) yield one.value;
  } finally {
    await iterator.return?.();
  }
}
