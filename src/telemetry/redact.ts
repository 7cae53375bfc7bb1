import { describeError } from "./error.ts";
import { MASK } from "./scrub.ts";

const DEEPEST = 6;
const SECRET_NAME =
  /^(?:.*token|authorization|proxy-authorization|cookie|set-cookie|.*secret|.*password|headers?|requestbody)$/i;

/**
 * Fields as the log may have them: values under names that sound like secrets masked at any depth, errors described,
 * bytes counted, and depth bounded. pino's own `redact` knows paths only, and its wildcards reach one level.
 */
export function redactFields(fields: Readonly<Record<string, unknown>>, depth = 0): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      name !== "err" && isSecretName(name, value) ? MASK : redactValue(value, depth),
    ]),
  );
}

function redactValue(value: unknown, depth: number): unknown {
  if (value instanceof Error) return describeError(value);
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`;
  if (typeof value === "bigint") return String(value);
  if (typeof value !== "object" || value === null) return value;
  if (depth >= DEEPEST) return "[deep]";
  if (Array.isArray(value)) return value.map((part: unknown) => redactValue(part, depth + 1));
  return redactFields({ ...value }, depth + 1);
}

/** Counts such as `inputTokens: 12` are numbers and no secrets. */
function isSecretName(name: string, value: unknown): boolean {
  return typeof value !== "number" && SECRET_NAME.test(name);
}
