import { operationsOf, questionSetsOf } from "../../conversation/approval.ts";
import type { Card, OutboxRow } from "../../conversation/approval-row.ts";
import { countText, sinceText } from "./amounts.ts";
import { questionSpots } from "./card-questions.ts";
import type { CardLook } from "./card-view.ts";
import { agentText, codeName, momentText } from "./card-words.ts";

/** The first line of a card, which is all that a phone's notification shows; then what became of it. */
export function headline(card: Card, look: CardLook): string {
  const agent = agentText(card.row.agent, look);
  const { state } = card;
  const wish = wishText(card, state.kind === "open");
  switch (state.kind) {
    case "open":
      return `✋ ${agent} ${wish}`;
    case "elsewhere":
      return `↪️ ${agent} ${wish}\n**Decided elsewhere:** the task does not wait for this any more. It was answered in kagent itself, say, or it ended. Nothing was sent from here.`;
    case "doubtful":
      return `❔ ${agent} ${wish}\n${DOUBT}`;
    case "sending":
      return `📨 ${agent} ${wish}\n${sendingText(card, state.away, agent)}`;
    case "decided":
      return `${glyphOf(state.outbox)} ${agent} ${wish}\n${endText(card, state.outbox)}`;
    case "not-taken":
      return `⚠️ ${agent} ${wish}\n${endText(card, state.outbox)}\n**The agent could not take this decision.** Why, and what it did instead, stands below.`;
  }
}

const DOUBT =
  "**It is not known whether the decision arrived:** the connection broke while it was sent, and the task still waits for it. This agent's runtime would run the tool a second time if it got the decision twice, so it is not sent again by itself. Look whether the tool ran; if it did not, press **Send again**.";

function wishText({ row }: Card, isOpen: boolean): string {
  const operations = operationsOf(row.request);
  const [only] = operations;
  const count = questionSetsOf(row.request).reduce((sum, set) => sum + set.questions.length, 0);
  const runs =
    operations.length === 1 ? codeName(only?.tool ?? "") : countText(operations.length, "operation");
  const [wants, asks] = isOpen ? ["wants", "asks"] : ["wanted", "asked"];
  const asked = count > 0 ? [`${asks} ${count === 1 ? "a question" : countText(count, "question")}`] : [];
  return [...(operations.length > 0 ? [`${wants} to run ${runs}`] : []), ...asked].join(" and ") || "waits";
}

function sendingText({ row }: Card, away: boolean, agent: string): string {
  if (!away) return "**Decided.** The decision is on its way to the agent.";
  return `**Decided.** ${agent} does not answer now: the decision will be sent when the agent is back, until it expires ${sinceText(row.expiresAt)}.`;
}

function glyphOf({ by, decision }: OutboxRow): string {
  if (by === "expiry") return "⌛";
  if (by === "stop") return "⏹️";
  const approved = decision.verdicts.filter((verdict) => verdict.approved).length;
  if (approved === decision.verdicts.length) return "✅";
  return approved === 0 ? "❌" : "☑️";
}

function endText(card: Card, { by, decidedAt, decision }: OutboxRow): string {
  const at = momentText(decidedAt);
  if (by === "expiry") return `**Expired** ${at}: nobody decided in time, so the agent was told no.`;
  if (by === "stop") return `**Stopped** ${at}: the run was ended while it waited.`;
  if (by === "closed") return `**Closed** ${at}.`;
  if (by === "rule") return `**Decided by rule** ${at}.`;
  const approved = decision.verdicts.filter((verdict) => verdict.approved).length;
  if (operationsOf(card.row.request).length === 0)
    return questionSpots(card).length > 0 ? `**Answered** ${at}.` : "";
  if (approved === decision.verdicts.length) return `**Approved** ${at}.`;
  return approved === 0 ? `**Rejected** ${at}.` : `**Partly approved** ${at}.`;
}
