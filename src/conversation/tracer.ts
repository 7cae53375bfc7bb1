import type { AgentRef } from "./agent-ref.ts";
import type { Place } from "./place.ts";
import type { Store } from "./ports.ts";
import type { Prompt } from "./prompt.ts";
import type { Turn } from "./turn.ts";

/** Whose stretch it is. A turn is a row of them: until a pause, and from its decision on. */
export interface Stretch {
  readonly id: string;
  readonly agent: AgentRef;
  readonly place: Place;
  /** W3C `traceparent` of the turn's first stretch. */
  readonly traceparent: string;
  /** W3C `traceparent` of the click that decided the pause before this stretch. */
  readonly decidedUnder?: string;
}

/** Tells which work belongs to which turn. Called in passing: it must be cheap and must not throw. */
export interface Tracer {
  /** Runs the first stretch of a prompt's turn; `traceparent` is what the turn keeps. */
  first<R>(prompt: Prompt, work: (traceparent: string) => Promise<R>): Promise<R>;
  /**
   * Runs work of a turn's present stretch, which begins with it where none goes on. When the work is done the stretch is
   * over, unless `goesOn`.
   */
  during<R>(stretch: Stretch, work: () => Promise<R>, goesOn?: (result: R) => boolean): Promise<R>;
  /** The present stretch is over: the turn waits for people. */
  rests(turn: Turn): void;
  /** W3C `traceparent` of what goes on right here; undefined: nothing that anybody traces. */
  here(): string | undefined;
}

/** Keeps nothing; every turn gets a `traceparent` of its own. */
export function untraced(newTraceparent: () => string): Tracer {
  return {
    first: (_prompt, work) => work(newTraceparent()),
    during: (_stretch, work) => work(),
    rests() {},
    here: () => undefined,
  };
}

/** The prompt as it is asked here and now: a copy of an older one belongs to another trace. */
export function promptUnder({ traceparent: _, ...prompt }: Prompt, tracer: Tracer): Prompt {
  const traceparent = tracer.here();
  return traceparent === undefined ? prompt : { ...prompt, traceparent };
}

/** Decisions that say under which `traceparent` they were made, so that what follows can name the click. */
export function tracedDecisions<T extends { readonly traceparent?: string }>(
  decisions: Store<T>,
  tracer: Tracer,
): Store<T> {
  return {
    ...decisions,
    claim(key, value, ttlMs) {
      const traceparent = tracer.here();
      return decisions.claim(key, traceparent === undefined ? value : { ...value, traceparent }, ttlMs);
    },
  };
}
