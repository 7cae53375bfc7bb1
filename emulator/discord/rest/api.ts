import { ApiError, refuse } from "../errors.ts";
import type { Json } from "../json.ts";
import type { MessageView } from "../wire/message.ts";
import type { World } from "../world/world.ts";
import type { RequestBody } from "./body.ts";
import { type Answer, type Nonces, type Route, toBody } from "./call.ts";
import { type Headers, RateLimited, type RateLimits } from "./limits.ts";
import { createRouter } from "./router.ts";
import { channelRoutes } from "./routes/channels.ts";
import { commandRoutes } from "./routes/commands.ts";
import { guildRoutes } from "./routes/guilds.ts";
import { interactionRoutes } from "./routes/interactions.ts";
import { messageRoutes } from "./routes/messages.ts";
import { reactionRoutes } from "./routes/reactions.ts";
import { threadMemberRoutes } from "./routes/thread-members.ts";
import { threadRoutes } from "./routes/threads.ts";
import { userRoutes } from "./routes/users.ts";
import { webhookRoutes } from "./routes/webhooks.ts";
import type { SpecCheck } from "./spec-check.ts";

/** A request as it came, decoded but not judged. */
export interface ApiRequest {
  readonly method: string;
  /** The path after the version, still percent-encoded. */
  readonly path: string;
  readonly query: URLSearchParams;
  readonly authorization: string | undefined;
  readonly userAgent: string | undefined;
  readonly body: RequestBody;
}

/** What goes back. `route` names what was called. */
export interface ApiAnswer extends Answer {
  readonly headers: Headers;
  readonly route?: string;
  readonly scope?: "user" | "global" | "shared";
}

export interface ApiParts {
  readonly world: World;
  readonly spec: SpecCheck;
  readonly limits: RateLimits;
  readonly nonces: Nonces;
  readonly view: () => MessageView;
  readonly gatewayUrl: () => string;
}

const routes: readonly Route[] = [
  ...userRoutes,
  ...guildRoutes,
  ...channelRoutes,
  ...messageRoutes,
  ...threadRoutes,
  ...threadMemberRoutes,
  ...reactionRoutes,
  ...commandRoutes,
  ...interactionRoutes,
  ...webhookRoutes,
];

/** Answers API requests: route, token, rate limits, description, then the route's own rules. Never throws. */
export function createApi(parts: ApiParts): (request: ApiRequest) => ApiAnswer {
  const router = createRouter(routes);
  return (request) => {
    const match = router(request.method, request.path);
    try {
      if (match === undefined) throw refuse("notFound");
      if (match === "method") throw refuse("methodNotAllowed");
      const { route, params } = match;
      needAccess(parts.world, route, request);
      const headers = parts.limits.take(route.bucket, params, route.auth === "bot");
      return { ...answer(parts, request, route, params, headers), route: route.path };
    } catch (error) {
      const failed = toAnswer(error);
      if (typeof match !== "object") return failed;
      const headers = parts.limits.headers(match.route.bucket, match.params);
      return { ...failed, headers: { ...headers, ...failed.headers }, route: match.route.path };
    }
  };
}

function needAccess(world: World, route: Route, request: ApiRequest): void {
  if (route.auth === "bot" && request.authorization !== `Bot ${world.token}`) throw refuse("unauthorized");
  // Discord turns away clients that do not name themselves.
  if (!request.userAgent?.startsWith("DiscordBot")) throw refuse("internalNetwork");
}

function answer(
  parts: ApiParts,
  request: ApiRequest,
  route: Route,
  params: Readonly<Record<string, string>>,
  headers: Headers,
): ApiAnswer {
  try {
    const { json, files } = request.body;
    parts.spec.request(route.method, route.path, { params, query: request.query, body: json });
    const result = route.run({
      world: parts.world,
      method: route.method,
      params,
      query: request.query,
      json,
      body: toBody(json),
      files,
      view: parts.view(),
      gatewayUrl: parts.gatewayUrl(),
      nonces: parts.nonces,
      sublimits: parts.limits.sublimits,
    });
    return { ...result, headers };
  } catch (error) {
    const failed = toAnswer(error);
    return { ...failed, headers: { ...headers, ...failed.headers } };
  }
}

/** Words a refusal as Discord does. Anything but an `ApiError` is a mistake of this emulator. */
export function toAnswer(error: unknown): ApiAnswer {
  if (error instanceof RateLimited) return toTooMany(error);
  if (error instanceof ApiError) {
    const errors: Json | undefined = error.errors;
    const body = { message: error.message, code: error.code, ...(errors === undefined ? {} : { errors }) };
    return { status: error.status, body, headers: {} };
  }
  console.error(error);
  return { status: 500, body: { message: `emulator: ${String(error)}`, code: 0 }, headers: {} };
}

function toTooMany(error: RateLimited): ApiAnswer {
  const seconds = Math.max(error.retryAfterMs, 1) / 1000;
  const isGlobal = error.scope === "global";
  return {
    status: 429,
    body: {
      message: error.message,
      retry_after: Number(seconds.toFixed(3)),
      global: isGlobal,
      ...(error.code === 0 ? {} : { code: error.code }),
    },
    headers: {
      // The header has whole seconds, rounded up; the body has the exact time.
      "Retry-After": String(Math.ceil(seconds)),
      "X-RateLimit-Scope": error.scope,
      ...(isGlobal ? { "X-RateLimit-Global": "true" } : {}),
    },
    scope: error.scope,
  };
}
