import type { AgentRef } from "../../conversation/agent-ref.ts";
import type { ApprovalRow } from "../../conversation/approval-row.ts";
import type { Place } from "../../conversation/place.ts";
import type { MessageAddress } from "../../conversation/prompt.ts";
import type { CardLook } from "./card-view.ts";
import { visibleProse, visibleText } from "./exact-text.ts";
import { plainInline } from "./inline.ts";
import { oneLine, safeInline, shorten } from "./safe-text.ts";

const MAX_NAME = 60;
const MAX_CODE = 120;
const MARK = "⚠️ production";

/** An agent with its cluster where there are several, and a mark for production; safe. */
export function agentText(agent: AgentRef, { clusters }: CardLook): string {
  const cluster = clusters.find((one) => one.name === agent.cluster);
  const label = safeInline(shorten(cluster?.label ?? agent.cluster, MAX_NAME));
  const where = clusters.length > 1 ? ` on **${label}**` : "";
  return `**${safeInline(shorten(agent.name, MAX_NAME))}**${where}${cluster?.production ? ` ${MARK}` : ""}`;
}

/** The colour of a card: the cluster's own, or red for one that is only known as production. */
export function accentOf(agent: AgentRef, { clusters }: CardLook): { readonly accent?: number } {
  const cluster = clusters.find((one) => one.name === agent.cluster);
  const accent = cluster?.color ?? (cluster?.production ? 0xd64545 : undefined);
  return accent === undefined ? {} : { accent };
}

/** A tool's or an agent's name as code, every character visible. */
export function codeName(text: string): string {
  const shown = shorten(visibleText(text), MAX_CODE);
  if (shown.trim() === "") return "(no name)";
  return shown.includes("`") ? `**${safeInline(shown)}**` : `\`${shown}\``;
}

/** A person's name, safe and short. */
export function personText(name: string): string {
  return safeInline(shorten(visibleProse(oneLine(name)), MAX_NAME)) || "somebody";
}

/** People by name, each once. */
export function peopleText(names: readonly string[]): string {
  const all = [...new Set(names)];
  const more = all.length > 5 ? ` and ${all.length - 5} more` : "";
  return all.slice(0, 5).map(personText).join(", ") + more;
}

/** Foreign text of at most `max` code points as quoted lines in which nothing works. */
export function quotedLines(text: string, max: number): string {
  const lines = shorten(text.trim(), max).split(/\r\n?|\n/);
  return lines.map((line) => `> ${safeInline(visibleProse(plainInline(line)))}`.trimEnd()).join("\n");
}

/** Foreign text of at most `max` code points on lines of its own, character by character. */
export function exactLines(text: string, max: number): string {
  const lines = shorten(text.trim(), max).split("\n");
  return lines.map((line) => safeInline(visibleProse(line.trim()))).join("\n") || "(no text)";
}

/** A reason on one line. */
export function reasonText(reason: string): string {
  return `“${safeInline(shorten(visibleProse(reason.replaceAll(/\s+/g, " ")), 300))}”`;
}

/** A link to a message. */
export function messageUrl(place: Place, { channelId, messageId }: MessageAddress): string {
  return `https://discord.com/channels/${place.guildId ?? "@me"}/${channelId}/${messageId}`;
}

/** Who asked, with a link to the prompt. */
export function askedText({ asker, place, promptMessage }: ApprovalRow): string {
  const link = promptMessage ? ` ([prompt](${messageUrl(place, promptMessage)}))` : "";
  return `asked by ${personText(asker.name)}${link}`;
}

/** A moment as the reader's clock shows it; `ms` since the epoch. */
export function momentText(ms: number): string {
  return `<t:${Math.floor(ms / 1000)}:f>`;
}
