import { startCollector } from "./collector.ts";
import { median } from "./median.ts";
import { type RunOptions, type RunResult, runLoad } from "./run.ts";

/** What metrics and traces cost. */
export interface ObservingResult {
  readonly conversations: number;
  /** Runs with, and as many without. */
  readonly rounds: number;
  /** Processor time of the bot, median, in seconds. */
  readonly withoutSeconds: number;
  readonly withSeconds: number;
  /** Median of the rounds: with ÷ without − 1, of two runs that followed one another. */
  readonly share: number;
  /** With both switched on, median. */
  readonly idleMib: number;
  readonly peakMib: number;
  readonly readyMs: number;
  /** Traces that arrived, over all rounds. */
  readonly tracedBytes: number;
  readonly complaints: readonly string[];
}

const SHARE_GOAL = 0.05;
const IDLE_GOAL_MIB = 140;
const READY_GOAL_MS = 1_000;

/** Plays the same load with neither metrics nor traces and with both, turn by turn, so that a busy machine disturbs both alike. */
export async function runObserving(options: RunOptions, rounds: number): Promise<ObservingResult> {
  const collector = await startCollector();
  const without: RunResult[] = [];
  const observed: RunResult[] = [];
  const plain = { HTTP_PORT: "off" };
  const both = { HTTP_PORT: "0", OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  for (let round = 0; round < rounds; round++) {
    process.stderr.write(`round ${round + 1} of ${rounds} …\n`);
    // Whoever goes first finds the machine in another state: they take turns.
    const isEven = round % 2 === 0;
    if (isEven) without.push(await runLoad({ ...options, env: plain }));
    observed.push(await runLoad({ ...options, env: both }));
    if (!isEven) without.push(await runLoad({ ...options, env: plain }));
  }
  await collector.stop();
  const shares = observed.map(
    (run, round) => run.cpuSeconds / (without[round]?.cpuSeconds ?? Number.NaN) - 1,
  );
  return {
    conversations: options.conversations,
    rounds,
    withoutSeconds: median(without.map(({ cpuSeconds }) => cpuSeconds)),
    withSeconds: median(observed.map(({ cpuSeconds }) => cpuSeconds)),
    share: median(shares),
    idleMib: median(observed.map(({ idleMib }) => idleMib)),
    peakMib: median(observed.map(({ peakMib }) => peakMib)),
    readyMs: median(observed.map(({ readyMs }) => readyMs)),
    tracedBytes: collector.bytes(),
    complaints: [...without, ...observed].flatMap(({ complaints }) => complaints),
  };
}

/** The figures as lines for a terminal; one that misses its goal is marked with ✗. */
export function renderObserving(result: ObservingResult): string {
  const { conversations, rounds, withoutSeconds, withSeconds, share, tracedBytes } = result;
  const mib = tracedBytes / rounds / 2 ** 20;
  return [
    `processor, ${conversations} conversations, median of ${rounds}: ${withoutSeconds.toFixed(2)} s → ${withSeconds.toFixed(2)} s with metrics and traces (${mib.toFixed(1)} MiB of traces)`,
    marked(`cost of metrics and traces: ${(share * 100).toFixed(1)} % (goal: ≤ 5 %)`, share <= SHARE_GOAL),
    marked(
      `memory with both: idle ${result.idleMib.toFixed(0)} MiB (goal: ≤ 140), peak ${result.peakMib.toFixed(0)} MiB`,
      result.idleMib <= IDLE_GOAL_MIB,
    ),
    marked(
      `start to ready with both: ${(result.readyMs / 1_000).toFixed(2)} s (goal: ≤ 1 s)`,
      result.readyMs <= READY_GOAL_MS,
    ),
  ].join("\n");
}

/** Whether every goal was met, and traces were made at all. */
export function meetsObservingGoals({ share, idleMib, readyMs, tracedBytes }: ObservingResult): boolean {
  return share <= SHARE_GOAL && idleMib <= IDLE_GOAL_MIB && readyMs <= READY_GOAL_MS && tracedBytes > 0;
}

function marked(line: string, good: boolean): string {
  return good ? line : `${line} ✗`;
}
