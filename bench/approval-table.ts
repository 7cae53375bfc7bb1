import { inColumns } from "./columns.ts";
import type { DecidingResult } from "./deciding.ts";
import type { RecoveryResult } from "./recovery.ts";

/** What was measured about pauses and restarts. */
export interface ApprovalFigures {
  readonly deciding: DecidingResult;
  readonly recovery: RecoveryResult;
}

interface Row {
  readonly figure: string;
  readonly value: string;
  readonly goal: string;
  readonly good: boolean;
}

/** The figures as a table for a terminal; one that misses its goal is marked with ✗. */
export function renderApprovals(figures: ApprovalFigures): string {
  const cells = rowsOf(figures).map(({ figure, value, goal, good }) => [
    figure,
    good ? value : `${value} ✗`,
    goal,
  ]);
  return inColumns(cells);
}

/** Whether every goal was met. */
export function meetsApprovalGoals(figures: ApprovalFigures): boolean {
  return rowsOf(figures).every(({ good }) => good);
}

/** Whether everything was decided and found again, without a 429. */
export function isSound({ deciding, recovery }: ApprovalFigures): boolean {
  const all = deciding.decided === deciding.pauses && recovery.recovered === recovery.turns;
  return all && deciding.tooMany + recovery.tooMany === 0;
}

function rowsOf({ deciding, recovery }: ApprovalFigures): readonly Row[] {
  const beside = `beside ${deciding.streaming} that stream`;
  return [
    row(`decided ${beside}`, `${deciding.decided}/${deciding.pauses}`, "all", isAll(deciding)),
    row(
      `click → acknowledged p99, ${beside}`,
      ms(deciding.acknowledgedP99Ms),
      "≤ 300 ms",
      deciding.acknowledgedP99Ms <= 300,
    ),
    row(
      `pause on the wire → card visible, mean (p95), ${beside}`,
      `${ms(deciding.cardMs)} (${ms(deciding.cardP95Ms)})`,
      "≤ 600 ms",
      deciding.cardMs <= 600,
    ),
    row(
      `unfinished turns found after a kill, from ready on`,
      `${recovery.recovered}/${recovery.turns} in ${(recovery.recoveredMs / 1_000).toFixed(2)} s`,
      "all in ≤ 10 s",
      recovery.recovered === recovery.turns && recovery.recoveredMs <= 10_000,
    ),
    row(
      "429s caused by all this",
      `${deciding.tooMany + recovery.tooMany}`,
      "0",
      isQuiet(deciding, recovery),
    ),
  ];
}

function isAll({ decided, pauses }: DecidingResult): boolean {
  return decided === pauses;
}

function isQuiet(deciding: DecidingResult, recovery: RecoveryResult): boolean {
  return deciding.tooMany + recovery.tooMany === 0;
}

function row(figure: string, value: string, goal: string, good: boolean): Row {
  return { figure, value, goal, good };
}

function ms(value: number): string {
  return `${Math.round(value)} ms`;
}
