import type { Answer, Call, Wire } from "../../src/discord/rest/wire.ts";
import type { VirtualClock } from "./clock.ts";

/** A change of a message as the server saw it. `at` in milliseconds. */
interface Seen {
  readonly at: number;
  readonly channelId: string;
  readonly messageId: string;
  readonly content: string;
}

/** Discord's limits in virtual time: buckets of 5 in 5 s from their first request, 50 in any second over all. */
export interface VirtualDiscord extends Wire {
  readonly seen: readonly Seen[];
  readonly refusals: readonly { readonly at: number; readonly scope: "user" | "global" }[];
  /** Requests that arrived, by method and kind of path. */
  readonly counts: ReadonlyMap<string, number>;
  /** Deviates from the ordinary answer to a request: called when it arrives, before it is carried out. */
  trouble: (call: Call) => Answer | undefined;
  /** Drops the answer of a request that was carried out. */
  lose: (call: Call) => boolean;
  contents(channelId: string): readonly string[];
}

interface Window {
  count: number;
  resetAt: number;
}

const LIMIT = 5;
const WINDOW_MS = 5_000;
const PER_SECOND = 50;

/** A server whose ways there and back take `oneWay()` milliseconds each. */
export function createVirtualDiscord(clock: VirtualClock, oneWay: () => number): VirtualDiscord {
  const windows = new Map<string, Window>();
  const arrivals: number[] = [];
  const seen: Seen[] = [];
  const refusals: { at: number; scope: "user" | "global" }[] = [];
  const counts = new Map<string, number>();
  const byNonce = new Map<string, string>();
  const messages = new Map<string, { channelId: string; content: string }>();
  const world: VirtualDiscord = {
    seen,
    refusals,
    counts,
    trouble: () => undefined,
    lose: () => false,
    onOther: () => undefined,
    async send(call) {
      await clock.sleep(oneWay());
      const answer = arrive(call);
      await clock.sleep(oneWay());
      return answer;
    },
    contents: (channelId) =>
      [...messages.values()].flatMap((message) => (message.channelId === channelId ? [message.content] : [])),
  };

  function arrive(call: Call): Answer {
    const now = clock.now();
    const route = `${call.method} ${call.path.replace(/\/messages\/\w+$/, "/messages/:id")}`;
    const kind = route.replace(/channels\/\w+/, "channels/:id");
    counts.set(kind, (counts.get(kind) ?? 0) + 1);
    while ((arrivals[0] ?? now) <= now - 1_000) arrivals.shift();
    if (arrivals.length >= PER_SECOND) return refuse("global", 1_000);
    const window = windows.get(route);
    const open =
      window !== undefined && now < window.resetAt ? window : { count: 0, resetAt: now + WINDOW_MS };
    windows.set(route, open);
    if (open.count >= LIMIT) return refuse("user", open.resetAt - now);
    arrivals.push(now);
    open.count += 1;
    const facts = {
      bucket: kind,
      limit: LIMIT,
      remaining: LIMIT - open.count,
      resetAfterMs: open.resetAt - now,
    };
    const trouble = world.trouble(call);
    if (trouble !== undefined) return trouble.kind === "held" ? trouble : { ...trouble, facts };
    const answer = carryOut(call);
    if (world.lose(call)) return { kind: "broken", reason: "reset", facts: {} };
    return { ...answer, facts };
  }

  function refuse(scope: "user" | "global", retryAfterMs: number): Answer {
    refusals.push({ at: clock.now(), scope });
    return { kind: "limited", refusal: { retryAfterMs, scope }, facts: {} };
  }

  function carryOut(call: Call) {
    const [, , channelId = "", , messageId = ""] = call.path.split("/");
    const body = Object(call.body);
    if (call.method === "POST" && call.path.endsWith("/messages")) return create(channelId, body);
    if (call.method === "PATCH" && messageId !== "") return edit(channelId, messageId, body);
    if (call.method === "DELETE" && !messages.delete(messageId)) return unknownMessage();
    return { kind: "ok" as const, body: {} };
  }

  function create(channelId: string, body: Record<string, unknown>) {
    const nonce = `${channelId} ${String(body.nonce)}`;
    const known = byNonce.get(nonce);
    if (known !== undefined)
      return messages.has(known) ? { kind: "ok" as const, body: { id: known } } : unknownMessage();
    const id = `m${byNonce.size + 1}`;
    byNonce.set(nonce, id);
    put(channelId, id, String(body.content));
    return { kind: "ok" as const, body: { id } };
  }

  function edit(channelId: string, id: string, body: Record<string, unknown>) {
    if (!messages.has(id)) return unknownMessage();
    put(channelId, id, String(body.content));
    return { kind: "ok" as const, body: { id } };
  }

  function put(channelId: string, messageId: string, content: string): void {
    messages.set(messageId, { channelId, content });
    seen.push({ at: clock.now(), channelId, messageId, content });
  }

  function unknownMessage() {
    return { kind: "refused" as const, code: 10008, status: 404, reason: "Unknown Message" };
  }

  return world;
}
