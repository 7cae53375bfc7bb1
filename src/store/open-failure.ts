import { BridgeError } from "../conversation/errors.ts";

/** What is wrong, by SQLite's and Node's own codes, and what to do: https://www.sqlite.org/rescode.html */
const REASONS: readonly (readonly [RegExp, string])[] = [
  [
    /^SQLITE_(BUSY|LOCKED)/,
    "is locked by another process. Is the bot running twice? Stop the other one, or set STORE_URL to a file of its own.",
  ],
  [
    /^SQLITE_(NOTADB|CORRUPT)/,
    "is damaged, or no database. Restore it from a backup, or move it away: then the bot begins with an empty one.",
  ],
  [
    /^(SQLITE_(FULL|IOERR)|ENOSPC|EIO|EDQUOT)/,
    "cannot be written: its disk is full or failing. Make room, then start again.",
  ],
];

const OTHERWISE =
  "cannot be opened. Its directory must exist or be creatable, be writable, and lie on a local disk.";

/** Why the SQLite file at `path` cannot be used; an error that says already what to do stays as it is. */
export function openFailure(path: string, error: unknown): BridgeError {
  const code = codeOf(error) ?? (error instanceof Error ? codeOf(error.cause) : undefined);
  if (error instanceof BridgeError && code === undefined) return error;
  const [, reason] = REASONS.find(([codes]) => codes.test(code ?? "")) ?? [];
  const cause = error instanceof BridgeError ? error.cause : error;
  return new BridgeError("store-failed", `The SQLite file ${path} ${reason ?? OTHERWISE}`, { cause });
}

/** `SQLITE_BUSY`, `EACCES`; our own errors have codes in lower case. */
function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error) || !("code" in error) || typeof error.code !== "string") return undefined;
  return /^[A-Z]/.test(error.code) ? error.code : undefined;
}
