import { SnowflakeUtil } from "discord.js";

/** Whether an id was made after another one. */
export function isNewer(id: string, than: string): boolean {
  return BigInt(id) > BigInt(than);
}

/** The newest of some ids. */
export function newestOf(first: string, ...others: readonly string[]): string {
  return others.reduce((newest, id) => (isNewer(id, newest) ? id : newest), first);
}

/** The smallest id of a moment (ms since the epoch). */
export function idAt(timestamp: number): string {
  return String(SnowflakeUtil.generate({ timestamp, increment: 0n, workerId: 0n, processId: 0n }));
}

/** When an id was made (ms since the epoch). */
export function timeOf(id: string): number {
  return SnowflakeUtil.timestampFrom(id);
}
