import type { SnapshotItem, ToolCall } from "./agent.ts";

/** A piece of the answer, in order of first appearance. Times are milliseconds since the epoch. */
export type OutputItem =
  | { readonly kind: "text"; readonly segment: string; readonly text: string }
  | {
      readonly kind: "tool";
      readonly call: ToolCall;
      readonly startedAt: number;
      readonly endedAt?: number;
      readonly ok?: boolean;
    };

/** All text of the answer so far, segments separated by a blank line. */
export function answerText(turn: { readonly output: readonly OutputItem[] }): string {
  return turn.output
    .flatMap((item) => (item.kind === "text" && item.text.trim() !== "" ? [item.text] : []))
    .join("\n\n");
}

/** A task is read as a whole, but what came before the last pause stands above its card. */
export function sinceLastPause(
  all: readonly SnapshotItem[],
  earlier: readonly OutputItem[],
): readonly SnapshotItem[] {
  const calls = new Set(earlier.flatMap((item) => (item.kind === "tool" ? [item.call.id] : [])));
  const texts = earlier.flatMap((item) => (item.kind === "text" ? [item.text.trim()] : []));
  return all.filter((item) => {
    if (item.kind === "tool") return !calls.has(item.call.id);
    const index = texts.indexOf(item.text.trim());
    if (index !== -1) texts.splice(index, 1);
    return index === -1;
  });
}

/** The output after text of a segment; `append: false` replaces what the segment held. */
export function withText(
  output: readonly OutputItem[],
  segment: string,
  text: string,
  append: boolean,
): readonly OutputItem[] {
  const index = output.findLastIndex((item) => item.kind === "text" && item.segment === segment);
  const current = output[index];
  if (current?.kind !== "text") return [...output, { kind: "text", segment, text }];
  return output.with(index, { ...current, text: append ? current.text + text : text });
}

/** The output after a tool began; one that is known already changes nothing. */
export function withCall(output: readonly OutputItem[], call: ToolCall, now: number): readonly OutputItem[] {
  const known = output.some((item) => item.kind === "tool" && item.call.id === call.id);
  return known ? output : [...output, { kind: "tool", call, startedAt: now }];
}

/** The output after a tool ended. */
export function withResult(
  output: readonly OutputItem[],
  id: string,
  ok: boolean,
  now: number,
): readonly OutputItem[] {
  return output.map((item) =>
    item.kind === "tool" && item.call.id === id && item.endedAt === undefined
      ? { ...item, ok, endedAt: now }
      : item,
  );
}

/** Output that was read from the task, with the times that are known of its tools. */
export function fromSnapshot(
  items: readonly SnapshotItem[],
  known: readonly OutputItem[],
  now: number,
): readonly OutputItem[] {
  return items.map((item) => timed(item, known, now));
}

function timed(item: SnapshotItem, known: readonly OutputItem[], now: number): OutputItem {
  if (item.kind === "text") return item;
  const before = known.find((old) => old.kind === "tool" && old.call.id === item.call.id);
  const startedAt = before?.kind === "tool" ? before.startedAt : now;
  const seenEnd = before?.kind === "tool" ? before.endedAt : undefined;
  if (!item.result) return { kind: "tool", call: item.call, startedAt };
  return { kind: "tool", call: item.call, startedAt, endedAt: seenEnd ?? now, ok: item.result.ok };
}
