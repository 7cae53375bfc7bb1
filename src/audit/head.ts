import { z } from "zod";

/** Where a trail ends: its last record. Records are numbered from 1, so `seq` is also how many there are. */
export interface AuditHead {
  readonly seq: number;
  /** SHA-256 or HMAC-SHA-256 in base64url. */
  readonly hash: string;
}

/** The row of the head: there is one trail in a store, whoever writes it. */
export const HEAD = "head";

const schema = z.object({ seq: z.int().min(1), hash: z.string() });

/** Reads a stored head; throws when it is none. */
export function readAuditHead(value: unknown): AuditHead {
  return schema.parse(value);
}

/** Reads `seq:hash`, as `renderHead` writes it; undefined when it is none. */
export function parseHead(text: string): AuditHead | undefined {
  const [, seq, hash] = /^([1-9]\d{0,14}):([\w-]{43})$/.exec(text) ?? [];
  return seq === undefined || hash === undefined ? undefined : { seq: Number(seq), hash };
}

/** `seq:hash`: what to keep elsewhere, so that a cut at the end is noticed. */
export function renderHead({ seq, hash }: AuditHead): string {
  return `${seq}:${hash}`;
}

/** Whether two heads are of the same record. */
export function isSameHead(one: AuditHead, other: AuditHead): boolean {
  return one.seq === other.seq && one.hash === other.hash;
}
