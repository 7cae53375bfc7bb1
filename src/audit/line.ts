import { createHash, createHmac } from "node:crypto";
import { z } from "zod";
import type { AuditHead } from "./head.ts";

/** A record in its place of the chain; `text` is its line, without the line break. */
export interface SealedLine extends AuditHead {
  /** The hash of the record before it; empty for the first. */
  readonly prev: string;
  readonly text: string;
}

/** What can be told of a line: a record as it was written, one whose hash does not fit, or no record at all. */
export type ReadLine =
  | {
      readonly kind: "record";
      readonly line: SealedLine;
      readonly content: Readonly<Record<string, unknown>>;
    }
  | { readonly kind: "changed"; readonly keyed?: boolean }
  | { readonly kind: "unreadable" };

const schema = z.looseObject({ seq: z.int().min(1), prev: z.string(), hash: z.string() });

/** The line of the record that follows `after`; `content` is plain JSON without the fields of the chain. */
export function sealLine(
  content: Readonly<Record<string, unknown>>,
  after: AuditHead | undefined,
  key: string | undefined,
): SealedLine {
  const seq = (after?.seq ?? 0) + 1;
  const prev = after?.hash ?? "";
  const body = { ...content, stream: "audit", seq, prev };
  const hash = digest(canonical(body), key);
  return { seq, prev, hash, text: canonical({ ...body, hash }) };
}

/** Reads a line of the trail. Every byte counts: JSON of the same meaning in other bytes counts as changed. */
export function readLine(text: string, key: string | undefined): ReadLine {
  const parsed = schema.safeParse(parseJson(text));
  if (!parsed.success) return { kind: "unreadable" };
  const { hash, ...body } = parsed.data;
  const keyed = typeof body.keyed === "boolean" ? { keyed: body.keyed } : {};
  if (canonical(parsed.data) !== text || digest(canonical(body), key) !== hash)
    return { kind: "changed", ...keyed };
  return { kind: "record", line: { seq: body.seq, prev: body.prev, hash, text }, content: body };
}

function digest(text: string, key: string | undefined): string {
  const hash = key === undefined ? createHash("sha256") : createHmac("sha256", key);
  return hash.update(text).digest("base64url");
}

/** JSON with sorted keys: one text for one value. */
function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) => (isRecord(part) ? sorted(part) : part));
}

function sorted(record: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(record).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
