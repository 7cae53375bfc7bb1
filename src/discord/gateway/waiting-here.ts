import type { AgentRef } from "../../conversation/agent-ref.ts";
import type { ApprovalRow, Card } from "../../conversation/approval-row.ts";
import type { Place } from "../../conversation/place.ts";
import type { Decider } from "../../conversation/policy.ts";
import { mayUseHere, refusalFor } from "./refusal.ts";
import type { Surroundings } from "./surroundings.ts";

/** Who else could help, for those who may not end what waits. */
const NOT_CONCERNED =
  "Only people who asked here, those who may decide the request, and server managers can do this.";

/** What waits in a place for a decision that nobody has made yet. */
export async function openCardIn({ approvals }: Surroundings, place: Place): Promise<Card | undefined> {
  const here = approvals.inPlace(place);
  const card = here && (await approvals.card(here.row.id));
  return card?.state.kind === "open" ? card : undefined;
}

/** Why this person may not end what waits: people of the conversation may, and deciders and managers. */
export async function endRefusal(
  around: Surroundings,
  row: ApprovalRow,
  decider: Decider,
): Promise<string | undefined> {
  const { actor } = decider;
  const use = await mayUseHere(around, actor, row.place);
  if (!use.allowed) return use.sentence;
  if (row.askerIds.includes(actor.id) || actor.manager) return undefined;
  const decides = await around.approvals.mayDecide(row.id, "all", decider);
  return decides === "allowed" || decides.kind === "over" ? undefined : NOT_CONCERNED;
}

/** Why this person may not stop what runs in a place, or waits there; `agent`: the one that runs. */
export async function stopRefusal(
  around: Surroundings,
  decider: Decider,
  place: Place,
  agent: AgentRef | undefined,
): Promise<string | undefined> {
  const card = await openCardIn(around, place);
  if (card) return endRefusal(around, card.row, decider);
  return agent && refusalFor(around, decider.actor, place, agent);
}
