import type { Confirmation } from "./confirmation.ts";

/** What was decided about one confirmation; `answers` by question. */
export interface Verdict {
  readonly approved: boolean;
  readonly reason?: string;
  readonly answers?: readonly (readonly string[])[];
}

/** Verdicts by the id of the confirmation that people saw. */
export type Verdicts = ReadonlyMap<string, Verdict>;

/** One verdict for everything. */
export function uniform(leaves: readonly Confirmation[], verdict: Verdict): Verdicts {
  return new Map(leaves.map(({ id }) => [id, verdict]));
}

/** What a decision came to, in one word. */
export function wordFor(verdicts: Verdicts): "approved" | "rejected" | "mixed" | "answered" {
  const all = [...verdicts.values()];
  if (all.some(({ answers }) => answers !== undefined)) return "answered";
  if (all.every(({ approved }) => approved)) return "approved";
  return all.some(({ approved }) => approved) ? "mixed" : "rejected";
}
