/** Where the evidence trail goes, and what is in it. */
export interface AuditOptions {
  /** The directory of its files; absent: nothing is recorded. */
  readonly dir?: string;
  /** Whoever lacks it can neither change nor add a record unnoticed; absent: the chain is a plain hash. */
  readonly key?: string;
  /** Whether every record is printed to standard output too. */
  readonly stdout: boolean;
  /** Whether records hold the arguments of tools, not only their hash. */
  readonly args: boolean;
  /** Bytes after which a new file begins. */
  readonly maxFileBytes: number;
}
