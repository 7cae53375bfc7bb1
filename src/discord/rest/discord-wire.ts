import {
  DefaultRestOptions,
  DiscordAPIError,
  HTTPError,
  RateLimitError,
  type REST,
  type RESTOptions,
  RequestMethod,
} from "discord.js";
import { textsIn, withoutEcho } from "../../conversation/echo.ts";
import { type LimitFacts, type Refusal, readLimits, readRefusal } from "./limits.ts";
import type { Answer, Call, Wire } from "./wire.ts";

/** Longer than this nobody waits for the answer to a click or a command. */
const ANSWER_PATIENCE_MS = 10_000;

/**
 * How discord.js's REST client must be set up so that it neither waits, nor retries, nor counts by itself: all of
 * that is the scheduler's. What does not pass the scheduler, login's gateway look-up and answers to interactions, keeps
 * discord.js's own waits.
 */
export const REST_OPTIONS = {
  retries: 0,
  offset: 0,
  timeout: 15_000,
  globalRequestsPerSecond: Number.POSITIVE_INFINITY,
  rejectOnRateLimit: ({ route, retryAfter }) =>
    !route.startsWith("/gateway") && !(isUnlimited(route) && retryAfter <= ANSWER_PATIENCE_MS),
  makeRequest,
} as const satisfies Partial<RESTOptions>;

const METHODS = {
  GET: RequestMethod.Get,
  POST: RequestMethod.Post,
  PATCH: RequestMethod.Patch,
  PUT: RequestMethod.Put,
  DELETE: RequestMethod.Delete,
} as const;

type MakeRequest = RESTOptions["makeRequest"];

/**
 * discord.js would hold back everything after a global 429, answers to interactions too, to which that limit does not
 * apply: it learns only of the scope, which the scheduler reads.
 * @see https://docs.discord.com/developers/interactions/receiving-and-responding
 */
async function makeRequest(...[url, init]: Parameters<MakeRequest>): ReturnType<MakeRequest> {
  const response = await DefaultRestOptions.makeRequest(url, await withoutForm(init));
  if (response.headers.has("x-ratelimit-global")) {
    response.headers.delete("x-ratelimit-global");
    response.headers.set("x-ratelimit-scope", "global");
  }
  return response;
}

/**
 * Forms leave as bytes: discord.js carries an undici of its own, and a form that it hands to the dispatcher of a newer
 * one in the same process (ours) breaks.
 */
async function withoutForm(init: Parameters<MakeRequest>[1]): Promise<Parameters<MakeRequest>[1]> {
  if (!(init.body instanceof FormData)) return init;
  const form = new Response(init.body);
  const headers = new Headers(
    Object.entries(init.headers ?? {}).map(([name, value]) => [name, String(value)]),
  );
  headers.set("content-type", form.headers.get("content-type") ?? "multipart/form-data");
  const body = new Uint8Array(await form.arrayBuffer());
  return { ...init, body, headers: Object.fromEntries(headers) };
}

/** What a response's headers said. */
interface Heard {
  status: number;
  facts: LimitFacts;
  refusal?: Refusal;
  /** The JSON error code of a 429; discord.js itself leaves that body unread. */
  code?: Promise<number>;
}

/** Discord answers edits of old messages with a 429 that waiting does not help: it is a refusal. */
const TOO_OLD_TO_EDIT = 30046;

/**
 * Sends through discord.js's REST client, which must be set up with `REST_OPTIONS`. `others`: further clients with the same
 * token, whose requests count against the same limit.
 */
export function createDiscordWire(rest: REST, others: readonly REST[] = []): Wire {
  const heardBySignal = new WeakMap<AbortSignal, Heard>();
  const listeners: (() => void)[] = [];

  function heardOther(route: string): void {
    if (!isUnlimited(route)) for (const listener of listeners) listener();
  }

  for (const other of others) other.on("response", ({ route }) => heardOther(route));
  rest.on("response", (request, response) => {
    const header = (name: string) => response.headers.get(name);
    const heard = request.data.signal && heardBySignal.get(request.data.signal);
    if (!heard) return heardOther(request.route);
    heard.status = response.status;
    heard.facts = readLimits(header);
    if (response.status !== 429) return;
    heard.refusal = readRefusal(header);
    heard.code = response.json().then(readCode, () => 0);
  });

  return {
    async send(call) {
      // The signal is how the response event of this very request is told from all others.
      const { signal } = new AbortController();
      const heard: Heard = { status: 0, facts: {} };
      heardBySignal.set(signal, heard);
      try {
        const body = await rest.request({ ...toRequest(call), signal });
        return { kind: "ok", body, facts: heard.facts };
      } catch (error) {
        if ((await heard.code) !== TOO_OLD_TO_EDIT) return toAnswer(error, heard, call);
        const { status, facts } = heard;
        return { kind: "refused", code: TOO_OLD_TO_EDIT, status, reason: "too old to edit", facts };
      }
    },
    onOther(listener) {
      listeners.push(listener);
    },
  };
}

/** Answers to interactions do not count against the global limit. */
function isUnlimited(route: string): boolean {
  return route.startsWith("/interactions/") || route.startsWith("/webhooks/");
}

function toRequest(call: Call) {
  return {
    method: METHODS[call.method],
    fullRoute: call.path,
    ...(call.body === undefined ? {} : { body: call.body }),
    ...(call.query === undefined ? {} : { query: new URLSearchParams(call.query) }),
    ...(call.files === undefined || call.files.length === 0
      ? {}
      : {
          files: call.files.map(({ name, mediaType, bytes }) => ({
            name,
            contentType: mediaType,
            data: bytes,
          })),
        }),
  };
}

function readCode(body: unknown): number {
  const code = typeof body === "object" && body !== null && "code" in body ? body.code : undefined;
  return typeof code === "number" ? code : 0;
}

function toAnswer(error: unknown, { status, facts, refusal }: Heard, { body }: Call): Answer {
  if (refusal !== undefined) return { kind: "limited", refusal, facts };
  if (error instanceof RateLimitError) return { kind: "held", waitMs: heldMs(error) };
  if (error instanceof DiscordAPIError) {
    const code = typeof error.code === "number" ? error.code : 0;
    // Discord quotes values that it refuses.
    const reason = withoutEcho(error.message, textsIn(body));
    return { kind: "refused", code, status: error.status, reason, facts };
  }
  if (error instanceof HTTPError)
    return { kind: "broken", reason: error.message, status: error.status, facts };
  const reason = error instanceof Error ? error.message : String(error);
  return { kind: "broken", reason, ...(status === 0 ? {} : { status }), facts };
}

function heldMs(error: RateLimitError): number {
  return Math.max(1, error.timeToReset, error.retryAfter, error.sublimitTimeout);
}
