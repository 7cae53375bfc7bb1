import { inColumns } from "./columns.ts";
import type { RenderCost } from "./rendering.ts";
import type { RunResult } from "./run.ts";

/** One figure of the table: how it came out, what it should be, and whether it is. */
interface Row {
  readonly figure: string;
  readonly goal: string;
  readonly cell: (result: RunResult) => Cell;
}

interface Cell {
  readonly text: string;
  readonly good: boolean;
}

const CROWD = 50;

const ROWS: readonly Row[] = [
  {
    figure: "text correct and complete",
    goal: "all",
    cell: (run) => ({ text: `${run.correct}/${run.conversations}`, good: run.correct === run.conversations }),
  },
  { figure: "429s caused", goal: "0", cell: ({ tooMany }) => ({ text: `${tooMany}`, good: tooMany === 0 }) },
  {
    figure: "first text, mean",
    goal: "≤ 0.15 s, 200: ≤ 0.4 s",
    cell: (run) => upTo(run.figures.firstMs, isCrowd(run) ? 400 : 150),
  },
  {
    figure: "display lag, mean (optimum)",
    goal: "≤ 1.15 × optimum",
    cell: (run) => near(run.figures.lagMs, run.best.lagMs, 1.15),
  },
  {
    figure: "staleness after a pause (optimum)",
    goal: "≤ 1.3 × optimum",
    cell: (run) =>
      run.profile === "burst" ? near(run.figures.staleMs, run.best.staleMs, 1.3) : { text: "–", good: true },
  },
  {
    figure: "end visible, mean (p95)",
    goal: "≤ 0.3 s, 200: ≤ 0.6 s",
    cell: (run) => {
      const { text, good } = upTo(run.figures.endMs, isCrowd(run) ? 600 : 300);
      return { text: `${text} (${seconds(run.figures.endP95Ms)})`, good };
    },
  },
  {
    figure: "memory, idle → peak",
    goal: "≤ 120 → 150 MiB",
    cell: ({ idleMib, peakMib }) => ({
      text: `${idleMib.toFixed(0)} → ${peakMib.toFixed(0)}`,
      good: idleMib <= 120 && peakMib <= 150,
    }),
  },
  {
    figure: "processor",
    goal: "≤ 10 s",
    cell: ({ cpuSeconds }) => ({ text: `${cpuSeconds.toFixed(1)} s`, good: cpuSeconds <= 10 }),
  },
  {
    figure: "event-loop delay p99",
    goal: "≤ 40 ms",
    cell: ({ delayP99Ms }) => ({ text: `${delayP99Ms.toFixed(0)} ms`, good: delayP99Ms <= 40 }),
  },
  {
    figure: "start to ready",
    goal: "≤ 1 s",
    cell: ({ readyMs }) => upTo(readyMs, 1_000),
  },
  {
    figure: "requests",
    goal: "",
    cell: ({ requests }) => ({ text: `${requests}`, good: true }),
  },
];

/** The results as a table for a terminal; a figure that misses its goal is marked with ✗. */
export function renderTable(results: readonly RunResult[]): string {
  const head = ["", ...results.map((run) => `${run.conversations} ${run.profile}`), "goal"];
  const lines = ROWS.map(({ figure, goal, cell }) => [
    figure,
    ...results.map((run) => {
      const { text, good } = cell(run);
      return good ? text : `${text} ✗`;
    }),
    goal,
  ]);
  return inColumns([head, ...lines]);
}

/** One line for the cost of rendering. */
export function renderCosts(costs: readonly RenderCost[]): string {
  return `rendering: ${costs.map(({ chars, ms }) => `${chars / 1_000} k characters ${ms.toFixed(2)} ms`).join(" · ")}`;
}

/** Whether every goal was met. */
export function meetsGoals(results: readonly RunResult[]): boolean {
  return results.every((run) => ROWS.every(({ cell }) => cell(run).good));
}

function isCrowd({ conversations }: RunResult): boolean {
  return conversations > CROWD;
}

function upTo(ms: number, most: number): Cell {
  return { text: seconds(ms), good: ms <= most };
}

function near(ms: number, best: number, factor: number): Cell {
  const times = ms / Math.max(1, best);
  return { text: `${seconds(ms)} (${seconds(best)}: ×${times.toFixed(2)})`, good: times <= factor };
}

function seconds(ms: number): string {
  return `${(ms / 1_000).toFixed(2)} s`;
}
