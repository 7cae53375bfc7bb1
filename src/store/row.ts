import { z } from "zod";

/** The version of the rows this program writes; raise it when an older program must not read them. */
export const SCHEMA_VERSION = 1;

/** A row's content. The field names `value` and `expires` are Keyv's, so its own tools can read the rows. */
export interface Row {
  readonly value: unknown;
  /** Milliseconds since the epoch; absent: never. */
  readonly expires?: number;
}

const envelope = z.object({
  expires: z.number().optional(),
  schema: z.number().int(),
  value: z.unknown(),
});

/** JSON with sorted keys, so that equal values have equal text. */
export function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isRecord(part) ? sorted(part) : part));
}

/** The stored text of a row. */
export function encodeRow(row: Row): string {
  return canonical({ ...row, schema: SCHEMA_VERSION });
}

/** Reads stored text; throws when it is not a row of ours or was written by a newer program. */
export function decodeRow(text: string): Row {
  const { schema, value, expires } = envelope.parse(parsed(text));
  if (schema > SCHEMA_VERSION)
    throw new Error(`row has schema version ${schema}, newer than ${SCHEMA_VERSION}`);
  return expires === undefined ? { value } : { value, expires };
}

/** The parser's own error would quote the row, which holds people's words. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    throw new Error("the row is not JSON");
  }
}

/** Whether the row still counts at `now` (milliseconds since the epoch). */
export function isLive(row: Row, now: number): boolean {
  return row.expires === undefined || row.expires > now;
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
