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
  return {
    name: error.name,
    message: error.message,
    ...(error.stack === undefined ? {} : { stack: error.stack }),
    ...harmless(error),
    ...(error.cause === undefined || depth >= DEEPEST
      ? {}
      : { cause: describeError(error.cause, depth + 1) }),
    ...(error instanceof AggregateError && depth < DEEPEST
      ? { errors: error.errors.slice(0, DEEPEST).map((one: unknown) => describeError(one, depth + 1)) }
      : {}),
  };
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
