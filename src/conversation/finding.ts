import type { Finding } from "./ports.ts";

/** Findings of one check, by how serious they are. */
export interface Findings {
  ok(sentence: string): Finding;
  warning(sentence: string, advice: string): Finding;
  problem(sentence: string, advice: string): Finding;
}

/** Findings under the name of a check. */
export function findings(check: string): Findings {
  return {
    ok: (sentence) => ({ check, level: "ok", sentence }),
    warning: (sentence, advice) => ({ check, level: "warning", sentence, advice }),
    problem: (sentence, advice) => ({ check, level: "problem", sentence, advice }),
  };
}

/** `a, b and 3 more`: at most `most` names. */
export function listed(names: readonly string[], most = 5): string {
  const shown = names.slice(0, most).join(", ");
  return names.length > most ? `${shown} and ${names.length - most} more` : shown;
}

/** `1 server`, `2 servers`. */
export function counted(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}
