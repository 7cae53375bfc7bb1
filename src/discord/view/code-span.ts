import { atomStep, type Step, textStep } from "./inline-token.ts";
import { breakBacktickRuns } from "./safe-text.ts";

/** Finds the index of the closing run of `length` backticks at or behind `from`; `from` must not decrease. */
export type CodeSpanEnds = (from: number, length: number) => number | undefined;

/** Looks up the ends of code spans in time linear in the line, however many runs have no partner. */
export function codeSpanEnds(source: string): CodeSpanEnds {
  const positions = new Map<number, number[]>();
  for (const run of source.matchAll(/`+/g)) {
    const known = positions.get(run[0].length);
    if (known) known.push(run.index);
    else positions.set(run[0].length, [run.index]);
  }
  for (const list of positions.values()) list.reverse();
  return (from, length) => {
    const list = positions.get(length) ?? [];
    while ((list.at(-1) ?? from) < from) list.pop();
    return list.at(-1);
  };
}

/**
 * The code span at `at`. Three or more backticks are a block to Discord even inside a line, so they become one or two;
 * a run without a partner is escaped, since Discord would look for one in the following paragraphs.
 */
export function readCodeSpan(source: string, at: number, ends: CodeSpanEnds, growing: boolean): Step {
  let from = at;
  while (source.charAt(from) === "`") from++;
  const length = from - at;
  const end = ends(from, length);
  if (end !== undefined) return codeStep(source.slice(from, end), length, end + length);
  if (!growing || length > 2) return atomStep("\\`".repeat(length), "`".repeat(length), from);
  const code = source.slice(from, withoutTicks(source, from));
  if (code === "") return textStep("", source.length);
  const fence = "`".repeat(length);
  const text = fence + breakBacktickRuns(code);
  return { token: { kind: "atom", text, plain: code, close: fence }, next: source.length };
}

/** Where the line ends without the backticks that may be the beginning of the span's end. */
function withoutTicks(source: string, from: number): number {
  let end = source.length;
  while (end > from && source.charAt(end - 1) === "`") end--;
  return end;
}

function codeStep(code: string, length: number, next: number): Step {
  const plain = code.trim();
  if (length <= 2 && !code.includes("```")) return atomStep(wrapped(code, length), plain, next);
  const single = !code.includes("`");
  return atomStep(wrapped(breakBacktickRuns(code, 1), single ? 1 : 2), plain, next);
}

function wrapped(code: string, length: number): string {
  const fence = "`".repeat(length);
  return fence + code + fence;
}
