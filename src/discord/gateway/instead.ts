import type { ButtonInteraction } from "discord.js";
import type { ApprovalRow } from "../../conversation/approval-row.ts";
import type { Actor } from "../../conversation/place.ts";
import type { Asking } from "./asking.ts";
import { isPrivate } from "./click-reply.ts";
import { deciderOf } from "./event.ts";
import { laterFront } from "./later-front.ts";
import { privately } from "./private-reply.ts";
import type { Surroundings } from "./surroundings.ts";
import { endRefusal } from "./waiting-here.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

/** "Reject and send this instead", or "Keep waiting". */
export async function clickInstead(
  around: Surroundings,
  asking: Asking,
  click: ButtonInteraction,
  pendingId: string,
  yes: boolean,
): Promise<void> {
  const decider = deciderOf(click);
  const { actor } = decider;
  const pending = await around.pending.get(pendingId);
  const requestId = pending?.requestId;
  if (!pending || requestId === undefined)
    return privately(around, click, "This message waited too long. Send it again.");
  const card = await around.approvals.card(requestId);
  const isAuthor = pending.actorId === actor.id;
  const refusal = card && (yes || !isAuthor) ? await endRefusal(around, card.row, decider) : undefined;
  if (refusal !== undefined) return privately(around, click, refusal);
  if (!(await around.seen.claim(`instead/${pendingId}`, true, DAY_MS)))
    return privately(around, click, "Somebody answered this already.");
  const acknowledged = click.deferUpdate().catch((err: unknown) => {
    around.log.warn({ err, interactionId: click.id }, "an acknowledgement was lost");
  });
  const rejected = yes && (await rejectOne(around, requestId, pendingId, actor));
  await around.pending.delete(pendingId);
  await acknowledged;
  await finish(around, click, finalText(yes, rejected));
  if (!rejected) return;
  // Who wrote the message asks it, whoever clicked; the writer's own click shows the roles of now.
  const asked = isAuthor ? { ...pending.asked, actor } : pending.asked;
  await asking.ask(asked, laterFront(around, click, asked.messageId), { rejected: requestId });
}

/** False: somebody decided it meanwhile. Where that cannot be stored, the offer stands. */
async function rejectOne(
  around: Surroundings,
  requestId: string,
  pendingId: string,
  actor: Actor,
): Promise<boolean> {
  const isThis = (row: ApprovalRow) => row.id === requestId;
  try {
    const reason = `${actor.name} sent another message instead.`;
    return (await around.approvals.rejectWhere(isThis, reason, actor)) > 0;
  } catch (error) {
    await around.seen.delete(`instead/${pendingId}`);
    throw error;
  }
}

function finalText(yes: boolean, rejected: boolean): string {
  if (!yes) return "Kept waiting; this was not sent.";
  if (rejected) return "Rejected; this is sent instead.";
  return "This was decided meanwhile, so nothing was rejected and this was not sent. Send it again if it still fits.";
}

/** The bot token edits what everybody sees: it does not depend on the acknowledgement. */
async function finish(around: Surroundings, click: ButtonInteraction, content: string): Promise<void> {
  if (!isPrivate(click)) {
    await around.channels.edit(click.channelId, click.message.id, { content });
    return;
  }
  await click.webhook
    .editMessage("@original", { content, components: [], allowedMentions: { parse: [] } })
    .catch((err: unknown) => around.log.warn({ err, interactionId: click.id }, "a private reply was lost"));
}
