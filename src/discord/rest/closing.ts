import type { TurnView } from "../view/message.ts";
import { closingCall, messageNonce } from "./message-call.ts";
import type { Outcome } from "./request.ts";
import type { Scheduler } from "./scheduler.ts";
import { readSetback } from "./setback.ts";
import { readMessageId } from "./slot.ts";

/** Where and for what a closing message is posted. */
export interface ClosingPlace {
  readonly scheduler: Scheduler;
  readonly channelId: string;
  readonly turnId: string;
  readonly replyTo?: string;
  readonly log?: (event: string, details: Readonly<Record<string, unknown>>) => void;
}

/** Posts a turn's last message; gives its id, or nothing where Discord does not take it. */
export async function postClosing(
  closing: NonNullable<TurnView["closing"]>,
  place: ClosingPlace,
): Promise<string | undefined> {
  const { turnId, replyTo, log } = place;
  let outcome = await post(closing, place, replyTo);
  if (outcome.kind === "refused" && readSetback(outcome).kind === "reply-refused") {
    outcome = await post(closing, place);
  }
  if (outcome.kind === "ok") return readMessageId(outcome.body);
  if (outcome.kind !== "closed") log?.("closing message refused", { turnId, ...outcome });
  return undefined;
}

function post(
  closing: NonNullable<TurnView["closing"]>,
  { scheduler, channelId, turnId }: ClosingPlace,
  replyTo?: string,
): Promise<Outcome> {
  const nonce = messageNonce(turnId, "end");
  return scheduler.request({
    kind: "create",
    channelId,
    priority: "aside",
    repeatable: true,
    call: () => closingCall(closing, { channelId, nonce, ...(replyTo === undefined ? {} : { replyTo }) }),
  });
}
