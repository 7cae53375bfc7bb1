import type { AgentEvent, SnapshotItem } from "../../conversation/agent.ts";

/** The transcript that events leave behind; pieces of text must already be joined by segment or are joined here. */
export function toSnapshot(events: readonly AgentEvent[]): readonly SnapshotItem[] {
  const items: SnapshotItem[] = [];
  for (const event of events) addTo(items, event);
  return items.filter((item) => item.kind === "tool" || item.text !== "");
}

function addTo(items: SnapshotItem[], event: AgentEvent): void {
  if (event.kind === "text") addText(items, event);
  if (event.kind === "tool-call") items.push({ kind: "tool", call: event.call });
  if (event.kind === "tool-result") addResult(items, event);
}

function addText(items: SnapshotItem[], event: AgentEvent & { readonly kind: "text" }): void {
  const index = items.findIndex((item) => item.kind === "text" && item.segment === event.segment);
  const known = items[index];
  const before = known?.kind === "text" && event.append ? known.text : "";
  const item: SnapshotItem = { kind: "text", segment: event.segment, text: before + event.text };
  if (known) items[index] = item;
  else items.push(item);
}

function addResult(items: SnapshotItem[], event: AgentEvent & { readonly kind: "tool-result" }): void {
  const index = items.findIndex((item) => item.kind === "tool" && item.call.id === event.id);
  const known = items[index];
  if (known?.kind === "tool") items[index] = { ...known, result: { ok: event.ok } };
}
