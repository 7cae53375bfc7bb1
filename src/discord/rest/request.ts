import type { Priority, RequestKind } from "./schedule.ts";
import type { Call, Refused } from "./wire.ts";

/** A request that waits for its turn. */
export interface RestRequest {
  readonly kind: RequestKind;
  /** The channel whose bucket counts it; for routes without a channel any fixed text. */
  readonly channelId: string;
  readonly priority: Priority;
  /**
   * Called at the moment of sending, and again for each repetition; `undefined`: there is nothing left to send.
   * `inDoubt`: an earlier try may have been carried out, although its answer was lost.
   */
  call(inDoubt: boolean): Call | undefined;
  /** Since when something older has been visible, in milliseconds; default: now. */
  readonly since?: number;
  /** Characters that people cannot see yet, asked when requests compete; default: none. */
  readonly unseen?: () => number;
  /** Whether sending it twice does no harm; only then is it repeated after a lost connection or a 5xx. */
  readonly repeatable: boolean;
  /** The longest wait for a limit that is still worth it, in milliseconds; default: as long as it takes. */
  readonly patienceMs?: number;
}

/**
 * What became of a request. `dropped`: there was nothing left to send. `closed`: the scheduler was closed first.
 * `failed`: the connection kept breaking, or the request could not be made; see `reason`.
 */
export type Outcome =
  | { readonly kind: "ok"; readonly body: unknown }
  | Refused
  | { readonly kind: "limited"; readonly retryAfterMs: number }
  | { readonly kind: "failed"; readonly reason: string }
  | { readonly kind: "dropped" }
  | { readonly kind: "closed" };

/** A request on its way. */
export interface Ticket {
  /** Never rejects. */
  readonly outcome: Promise<Outcome>;
  /** Makes it as urgent as given, if it was less. Without effect once it has left. */
  raise(priority: Priority): void;
}
