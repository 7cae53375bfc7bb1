import type { Json } from "../json.ts";

/** What goes wrong. Times in ms. */
export type Fault =
  /** Answers with this status; with `code` as Discord's JSON error, without as a proxy's HTML page. */
  | { readonly kind: "status"; readonly status: number; readonly code?: number; readonly message?: string }
  /** The request takes so much longer; half of it before its effect, half after. */
  | { readonly kind: "latency"; readonly ms: number }
  /** The connection breaks: "before" leaves no effect, "after" loses only the answer. */
  | { readonly kind: "reset"; readonly when: "before" | "after" }
  /** 429 with this time to wait. */
  | {
      readonly kind: "too-many";
      readonly retryAfterMs: number;
      readonly scope?: "user" | "global" | "shared";
    }
  /** No answer, ever; the effect happens only with "after". */
  | { readonly kind: "hang"; readonly when: "before" | "after" };

/** Which requests a fault hits. */
interface FaultMatch {
  readonly method?: string;
  /** Against the path after the version, such as `/channels/123/messages`. */
  readonly route?: RegExp;
  /** Against the JSON body written out, or a judgement of it. */
  readonly body?: RegExp | ((body: Json | undefined) => boolean);
  /** Lets so many matching requests pass first; default 0. */
  readonly skip?: number;
  /** Hits so many requests; default 1, `Infinity` until removed. */
  readonly times?: number;
}

/** A planned fault; `hits` counts what it did so far. */
interface PlannedFault {
  readonly hits: number;
  remove(): void;
}

export interface Faults {
  add(match: FaultMatch, fault: Fault): PlannedFault;
  clear(): void;
  /** The faults that hit this request. */
  hit(method: string, path: string, body: Json | undefined): readonly Fault[];
}

interface Entry {
  readonly match: FaultMatch;
  readonly fault: Fault;
  skipped: number;
  hits: number;
}

export function createFaults(): Faults {
  const entries = new Set<Entry>();
  return {
    add(match, fault) {
      const entry: Entry = { match, fault, skipped: 0, hits: 0 };
      entries.add(entry);
      return {
        get hits() {
          return entry.hits;
        },
        remove: () => void entries.delete(entry),
      };
    },
    clear: () => entries.clear(),
    hit(method, path, body) {
      if (entries.size === 0) return [];
      return [...entries]
        .filter((entry) => matches(entry, method, path, body) && strikes(entry))
        .map(toFault);
    },
  };
}

function toFault(entry: Entry): Fault {
  return entry.fault;
}

function matches({ match }: Entry, method: string, path: string, body: Json | undefined): boolean {
  if (match.method !== undefined && match.method !== method) return false;
  if (match.route !== undefined && !match.route.test(path)) return false;
  if (match.body instanceof RegExp) return match.body.test(JSON.stringify(body ?? null));
  return match.body === undefined || match.body(body);
}

function strikes(entry: Entry): boolean {
  if (entry.skipped < (entry.match.skip ?? 0)) {
    entry.skipped += 1;
    return false;
  }
  if (entry.hits >= (entry.match.times ?? 1)) return false;
  entry.hits += 1;
  return true;
}
