/** One row as a driver keeps it: `text` is the encoded envelope of row.ts. */
export interface RawRow {
  readonly key: string;
  readonly text: string;
}

/**
 * Where rows are kept. `now` is milliseconds since the epoch; a row whose `expires` is not after it counts as absent
 * for `insert` and is removed by `sweep`; the other methods return it, and the caller looks at its envelope.
 *
 * Every method is one atomic step, whatever other processes do, and calls of one process take effect in the order
 * made. Failures reject with the driver's own error.
 */
export interface Driver {
  read(key: string): Promise<string | undefined>;
  write(key: string, text: string): Promise<void>;
  remove(key: string): Promise<void>;
  /** Rows whose key starts with `prefix`, ordered by the code points of their keys. */
  range(prefix: string): Promise<readonly RawRow[]>;
  /** Writes where no live row is; whether it did. */
  insert(key: string, text: string, now: number): Promise<boolean>;
  /** Writes while the stored text is exactly `expected`; whether it did. */
  replace(key: string, expected: string, text: string): Promise<boolean>;
  /** Removes expired rows. */
  sweep(now: number): Promise<void>;
  /** The newest schema version that any row carries; 0 when there are no rows. */
  newestSchema(): Promise<number>;
  close(): Promise<void>;
}
