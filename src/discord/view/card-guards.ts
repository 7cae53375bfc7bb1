import type { Operation, RequestItem } from "../../conversation/approval.ts";
import {
  type ApprovalRow,
  type Card,
  guardsOf,
  type OutboxRow,
  operationStanding,
} from "../../conversation/approval-row.ts";
import type { Guard } from "../../conversation/policy.ts";
import type { Standing, Vote } from "../../conversation/standing.ts";
import { countText } from "./amounts.ts";
import type { CardLook } from "./card-view.ts";
import { momentText, peopleText, personText, reasonText } from "./card-words.ts";

const MAX_MENTIONS = 10;

/** How an operation stands now, under the guards of then and now. */
export function standing({ row }: Card, operation: Operation, look: CardLook): Standing {
  return operationStanding(row, operation, look.guardNow(row.agent, operation));
}

/** Who may decide an item, in words with mentions. */
export function decidersText(row: ApprovalRow, item: RequestItem, look: CardLook): string {
  const isDirect = row.place.kind === "direct";
  const texts = guards(row, item, look).map((guard) => guardText(guard, isDirect));
  return [...new Set(texts)].join(", and by the present rules ");
}

/** How an item stands: what it waits for, or how and by whom it was decided. */
export function standingText(card: Card, operation: Operation, look: CardLook): string {
  const { row, state } = card;
  if (state.kind === "elsewhere") return "";
  if (state.kind !== "open") return verdictText(row, operation, state.outbox, look);
  const now = standing(card, operation, look);
  if (now.state === "open") return `⏳ ${waitingText(row, operation, now, look)}`;
  if (now.state === "approved") return approvedText(row, operation);
  return rejectedText(row, operation, now.reason);
}

function waitingText(
  row: ApprovalRow,
  operation: Operation,
  { needed, votes }: Standing & { readonly state: "open" },
  look: CardLook,
): string {
  const all = guards(row, operation, look);
  const count = Math.max(needed, ...all.map((guard) => guard.count));
  const names = votes.length === 0 ? "" : `: ${peopleText(votes.map((vote) => vote.actorName))}`;
  const progress = count > 1 ? `${count - needed} of ${count} approvals${names}` : "waits for a decision";
  return `${progress} · decides: ${decidersText(row, operation, look)}`;
}

function verdictText(row: ApprovalRow, operation: Operation, outbox: OutboxRow, look: CardLook): string {
  const verdict = outbox.decision.verdicts.find((one) => one.itemId === operation.id);
  if (!verdict) return "";
  const isRule = !guards(row, operation, look).some((guard) => guard.effect === "ask");
  if (verdict.approved) return isRule ? "✅ allowed by rule" : approvedText(row, operation);
  if (outbox.by === "expiry") return "⌛ rejected: nobody decided in time";
  if (outbox.by === "stop") return `⏹️ rejected: the run was stopped${reasonOf(verdict.reason)}`;
  if (outbox.by === "closed") return `❌ rejected${reasonOf(verdict.reason)}`;
  return rejectedText(row, operation, verdict.reason);
}

function approvedText(row: ApprovalRow, operation: Operation): string {
  const votes = votesOn(row, operation).filter((vote) => vote.approved);
  const last = votes.at(-1);
  if (!last) return "✅ allowed by rule";
  return `✅ approved by ${peopleText(votes.map((vote) => vote.actorName))} · ${momentText(last.at)}`;
}

function rejectedText(row: ApprovalRow, operation: Operation, reason: string | undefined): string {
  const vote = votesOn(row, operation).find((one) => !one.approved);
  if (!vote) return "❌ denied by rule";
  return `❌ rejected by ${personText(vote.actorName)} · ${momentText(vote.at)}${reasonOf(reason)}`;
}

function reasonOf(reason: string | undefined): string {
  return reason === undefined || reason.trim() === "" ? "" : ` · ${reasonText(reason)}`;
}

function guards(row: ApprovalRow, item: RequestItem, look: CardLook): readonly Guard[] {
  return guardsOf(row, item, look.guardNow(row.agent, item));
}

function votesOn(row: ApprovalRow, operation: Operation): readonly Vote[] {
  return row.votes.filter((vote) => vote.itemId === operation.id);
}

function guardText(guard: Guard, isDirect: boolean): string {
  if (isDirect && !guard.directMessages) return "nobody in direct messages";
  if (guard.basis === "nobody") return "nobody, because no approval rule covers it";
  const others = guard.askerMayApprove ? "" : ", but nobody who prompted here";
  return whoText(guard) + others;
}

function whoText(guard: Guard): string {
  if (guard.basis === "manager") return "members with Manage Server";
  if (guard.basis === "anyone") return "whoever may ask the agent";
  const mentions = [...guard.roleIds.map((id) => `<@&${id}>`), ...guard.userIds.map((id) => `<@${id}>`)];
  const shown = mentions.filter((mention) => /^<@&?\d{1,20}>$/.test(mention));
  const more = shown.length > MAX_MENTIONS ? ` and ${shown.length - MAX_MENTIONS} more` : "";
  const who = `${shown.slice(0, MAX_MENTIONS).join(", ")}${more}` || "nobody";
  if (guard.count < 2) return who;
  return `${who} (${countText(guard.count, "approval")}${guard.distinctRoles ? " from different roles" : ""})`;
}
