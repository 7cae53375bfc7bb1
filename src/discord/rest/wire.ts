import type { FileView } from "../view/message.ts";
import type { LimitFacts, Refusal } from "./limits.ts";

/** One REST request. `path` starts after the API version; `body` is plain JSON. */
export interface Call {
  readonly method: "GET" | "POST" | "PATCH" | "PUT" | "DELETE";
  readonly path: `/${string}`;
  readonly body?: unknown;
  readonly query?: Readonly<Record<string, string>>;
  /** Sent as multipart, `files[0]` first. */
  readonly files?: readonly FileView[];
}

/** A 4xx of Discord. `code` is its JSON error code (0: none), `reason` its message without our request. */
export interface Refused {
  readonly kind: "refused";
  readonly code: number;
  readonly status: number;
  readonly reason: string;
}

/** What became of one request; `broken`: a lost connection or a 5xx, so it may or may not have been carried out. */
export type Answer =
  | { readonly kind: "ok"; readonly body: unknown; readonly facts: LimitFacts }
  | (Refused & { readonly facts: LimitFacts })
  | { readonly kind: "limited"; readonly refusal: Refusal; readonly facts: LimitFacts }
  /** Held back on the way; nothing reached Discord. */
  | { readonly kind: "held"; readonly waitMs: number }
  | {
      readonly kind: "broken";
      readonly reason: string;
      readonly status?: number;
      readonly facts: LimitFacts;
    };

/** The way to Discord: one request, one answer, no waiting and no retrying. `send` never rejects. */
export interface Wire {
  send(call: Call): Promise<Answer>;
  /** Hears of responses to requests that others made with the same token and that count against the limit. */
  onOther(listener: () => void): void;
}
