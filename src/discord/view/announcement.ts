import { operationsOf } from "../../conversation/approval.ts";
import type { Card } from "../../conversation/approval-row.ts";
import type { MessageAddress } from "../../conversation/prompt.ts";
import { sinceText } from "./amounts.ts";
import { decidersText } from "./card-guards.ts";
import { headline } from "./card-headline.ts";
import type { CardLook, CardView } from "./card-view.ts";
import { accentOf, agentText, askedText, messageUrl, personText } from "./card-words.ts";

/** A role of a server. */
export interface RoleView {
  readonly id: string;
  readonly name: string;
  /** Whether a mention may notify it. */
  readonly mentionable: boolean;
}

const MAX_ROLES = 20;

/** What the approvals channel reads of a card: the wish, who may decide, and where; or how it ended. */
export function announcementText(card: Card, at: MessageAddress | undefined, look: CardLook): string {
  const { row, state } = card;
  const link = at ? ` · [card](${messageUrl(row.place, at)})` : "";
  const ends = state.kind === "open" ? ` · expires ${sinceText(row.expiresAt)}` : "";
  const [first] = operationsOf(row.request);
  const decides = state.kind === "open" && first ? [`-# decides: ${decidersText(row, first, look)}`] : [];
  return [headline(card, look), `-# ${askedText(row)}${ends}${link}`, ...decides].join("\n");
}

/** The one reminder: roles that can be notified are mentioned, the others only named. */
export function reminderText(
  { row }: Card,
  at: MessageAddress | undefined,
  roles: readonly RoleView[],
  look: CardLook,
): string {
  const names = roles
    .slice(0, MAX_ROLES)
    .map((role) => (role.mentionable ? `<@&${role.id}>` : `@${personText(role.name)}`));
  const who = names.length === 0 ? "" : ` ${names.join(" ")}`;
  const link = at ? ` · [card](${messageUrl(row.place, at)})` : "";
  return `⏰${who} ${agentText(row.agent, look)} still waits for a decision, which expires ${sinceText(row.expiresAt)}${link}`;
}

/** What stays of a card that had to move to another channel. */
export function movedCard({ row }: Card, to: MessageAddress, look: CardLook): CardView {
  const text = `↪️ ${agentText(row.agent, look)} waits for a decision: [the card moved](${messageUrl(row.place, to)}), because nobody can act in this thread.`;
  return { ...accentOf(row.agent, look), blocks: [text], files: [], rows: [] };
}
