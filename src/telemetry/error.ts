import { textsIn, withoutEcho } from "../conversation/echo.ts";

/** What a log line tells about an error. */
export interface LoggedError {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
  readonly [detail: string]: unknown;
}

/** How many causes deep a chain is followed. */
const DEEPEST = 5;

/**
 * An error as the log may have it. Only known harmless fields are taken: a `DiscordAPIError` also carries the interaction
 * token in its `url` and the people's text in its `requestBody`, and other libraries hang whole requests on theirs.
 */
export function describeError(error: unknown, depth = 0): LoggedError {
  if (!(error instanceof Error)) return { name: typeof error, message: plain(error) };
  const message = messageOf(error);
  return {
    name: error.name,
    message,
    ...(error.stack === undefined ? {} : { stack: `${error.name}: ${message}${framesOf(error)}` }),
    ...harmless(error),
    ...(error.cause === undefined || depth >= DEEPEST
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
    ...(error instanceof AggregateError && depth < DEEPEST
      ? { errors: error.errors.slice(0, DEEPEST).map((one: unknown) => describeError(one, depth + 1)) }
      : {}),
  };
}

/** What it says, without what it quotes of people: Discord quotes values that it refuses, a parser what it cannot read. */
function messageOf(error: Error): string {
  const { message } = error;
  if ("requestBody" in error) return withoutEcho(message, textsIn(error.requestBody));
  if (error instanceof SyntaxError) return message.replace(QUOTED_JSON, "it is not valid JSON");
  if ("code" in error && error.code === "file-refused") return message.replace(/“[^”]*”/g, "“…”");
  return message;
}

const QUOTED_JSON = /(?:Unexpected token .+?, )?(?:\.\.\.)?"[\s\S]*"(?:\.\.\.)? is not valid JSON/;

/** Where it happened: the stack begins with the message. */
function framesOf({ stack = "", message }: Error): string {
  const at = stack.indexOf(message);
  return at === -1 ? "" : stack.slice(at + message.length);
}

/** `code`, `status` and `method` as Node, undici and discord.js set them. */
function harmless(error: Error): Record<string, string | number> {
  const fields = Object.entries(error).filter(([name]) => ["code", "status", "method"].includes(name));
  return Object.fromEntries(
    fields.flatMap(([name, value]: [string, unknown]) =>
      typeof value === "string" || typeof value === "number" ? [[name, value]] : [],
    ),
  );
}

function plain(value: unknown): string {
  return typeof value === "string" ? value : `a thrown ${value === null ? "null" : typeof value}`;
}
