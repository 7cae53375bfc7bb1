import type { Json, JsonObject } from "../json.ts";
import { isObject } from "../json.ts";
import type { Upload } from "../rules/attachments.ts";
import type { MessageView } from "../wire/message.ts";
import type { World } from "../world/world.ts";

/** One request that passed every check, as a route sees it. */
export interface Call {
  readonly world: World;
  readonly method: string;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly json: Json | undefined;
  /** The body when it is an object, else an empty one. */
  readonly body: JsonObject;
  readonly files: ReadonlyMap<number, Upload>;
  readonly view: MessageView;
  /** `ws://…/gateway`. */
  readonly gatewayUrl: string;
  readonly nonces: Nonces;
  readonly sublimits: Sublimits;
}

export interface Answer {
  readonly status: number;
  readonly body?: Json;
}

/** Which message a nonce made, for a few minutes. */
export interface Nonces {
  find(key: string): string | undefined;
  keep(key: string, messageId: string): void;
}

/** Small limits inside a route. Both throw an `ApiError` with a time to wait when used up. */
export interface Sublimits {
  rename(channelId: string): void;
  editOld(channelId: string): void;
}

/** Which requests share a rate limit; `major` names the path parameters that make a bucket of their own. */
export interface BucketRule {
  readonly name: BucketName;
  readonly major: readonly string[];
}

export type BucketName =
  | "create"
  | "edit"
  | "delete"
  | "typing"
  | "threads"
  | "reactions"
  | "channel"
  | "read"
  | "webhook"
  | "direct"
  | "commands"
  | "other";

export interface Route {
  readonly method: string;
  /** As the OpenAPI description writes it: `/channels/{channel_id}/messages`. */
  readonly path: string;
  /** "token": the path carries its own token; such routes are free of the global limit. */
  readonly auth: "bot" | "token";
  readonly bucket?: BucketRule;
  run(call: Call): Answer;
}

/** A path parameter. Throws when the route has none of that name. */
export function param(call: Call, name: string): string {
  const value = call.params[name];
  if (value === undefined) throw new Error(`no path parameter ${name}`);
  return value;
}

export function ok(body: Json): Answer {
  return { status: 200, body };
}

export const noContent: Answer = { status: 204 };

export function toBody(json: Json | undefined): JsonObject {
  return isObject(json) ? json : {};
}
