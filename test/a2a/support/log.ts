import type { Log, LogFields } from "../../../src/conversation/ports.ts";

/** A log that keeps nothing. */
export function quietLog(): Log {
  const drop = (_fields: LogFields, _message: string): void => {};
  const log: Log = { debug: drop, info: drop, warn: drop, error: drop, child: () => log };
  return log;
}
