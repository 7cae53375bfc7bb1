import { BridgeError } from "../conversation/errors.ts";

/** What one check found; `detail` is a sentence for operators, without secrets. */
export interface CheckResult {
  readonly ok: boolean;
  readonly detail?: string;
}

/** One thing that must be well for the bot to be of use. */
export interface ReadyCheck {
  readonly name: string;
  /** May reject: then it is not well. */
  run(): CheckResult | Promise<CheckResult>;
}

/** How far the process is. `waiting`: it has all it needs but a session start from Discord. */
type Stage = "starting" | "waiting" | "running" | "stopping";

/** The answer of a probe: JSON as it is sent. */
export interface ProbeReport {
  readonly status: "ok" | "unavailable";
  readonly stage: Stage;
  readonly checks: Readonly<Record<string, CheckResult>>;
}

/** How the process is, as probes ask for it. */
export interface Health {
  /** Whether the start is through; restarting a process that waits for Discord would not help it. */
  startup(): ProbeReport;
  /** Whether people are served: runs every check. Unavailable at once when stopping. */
  readiness(): Promise<ProbeReport>;
  enter(stage: Stage): void;
  /** Replaces the checks: before the parts are put together there are fewer. */
  use(checks: readonly ReadyCheck[]): void;
}

/** A check that takes longer than this counts as failed (ms). */
const CHECK_LIMIT_MS = 2_000;

/** Health over checks that are yet to come. `limitMs` bounds each check. */
export function createHealth(limitMs = CHECK_LIMIT_MS): Health {
  let stage: Stage = "starting";
  let checks: readonly ReadyCheck[] = [];
  let isThrough = false;
  return {
    startup() {
      return { status: isThrough ? "ok" : "unavailable", stage, checks: {} };
    },
    async readiness() {
      const results = await Promise.all(
        checks.map(async (check) => [check.name, await resultOf(check, limitMs)] as const),
      );
      const isReady = stage === "running" && results.every(([, { ok }]) => ok);
      return { status: isReady ? "ok" : "unavailable", stage, checks: Object.fromEntries(results) };
    },
    enter(next) {
      // What stops never comes back.
      if (stage !== "stopping") stage = next;
      isThrough ||= next === "waiting" || next === "running";
    },
    use(next) {
      checks = next;
    },
  };
}

async function resultOf(check: ReadyCheck, limitMs: number): Promise<CheckResult> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(() => resolve({ ok: false, detail: "It does not answer in time." }), limitMs);
  });
  try {
    return await Promise.race([check.run(), late]);
  } catch (error) {
    // Anything but our own sentences may carry what nobody should read here.
    return { ok: false, detail: error instanceof BridgeError ? error.message : "It failed; see the log." };
  } finally {
    clearTimeout(timer);
  }
}
