import { createLog } from "../../src/telemetry/log.ts";
import { createLines } from "../telemetry/lines.ts";

/** A clock that tests move, and a log whose lines they read. */
export async function createContext() {
  const lines = createLines();
  const log = await createLog({ level: "debug", pretty: false, destination: lines, secrets: [] });
  let now = 1_700_000_000_000;
  const clock = { now: () => now };
  return {
    clock,
    log,
    lines,
    advance: (ms: number) => {
      now += ms;
    },
  };
}

/** Reads a stored number; throws on anything else. */
export function readNumber(value: unknown): number {
  if (typeof value !== "number") throw new Error("not a number");
  return value;
}
