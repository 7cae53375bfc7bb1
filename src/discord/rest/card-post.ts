import type { MessageAddress } from "../../conversation/prompt.ts";
import type { CardView } from "../view/card-view.ts";
import { createCardCall, editCardCall } from "./card-call.ts";
import type { Outcome } from "./request.ts";
import type { RequestKind } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";
import { readSetback } from "./setback.ts";
import { readMessageId } from "./slot.ts";
import { reopen } from "./upkeep.ts";
import type { Call } from "./wire.ts";

/** What came of showing something. `gone`: somebody deleted it. `unknown`: Discord could not be asked. */
export type Shown =
  | { readonly kind: "shown"; readonly at: MessageAddress }
  | { readonly kind: "gone" | "refused" | "unknown" };

const NO_FILES = "⚠️ **request.json could not be attached:** the bot needs the permission Attach Files here.";

/**
 * Sends, and once more after taking an archived thread out of the archive for a week. The scheduler repeats what a broken
 * connection lost.
 */
export async function sendPatiently(
  scheduler: Scheduler,
  request: { readonly kind: RequestKind; readonly channelId: string; readonly call: () => Call },
): Promise<Outcome> {
  const send = () => scheduler.request({ ...request, priority: "waiting", repeatable: true });
  const outcome = await send();
  if (outcome.kind !== "refused" || readSetback(outcome).kind !== "archived") return outcome;
  const { channelId } = request;
  const opened = await reopen({ scheduler, channelId }, "waiting", true);
  return opened.kind === "ok" ? send() : outcome;
}

/** Posts a card in a channel. */
export async function postCard(
  scheduler: Scheduler,
  view: CardView,
  channelId: string,
  nonce: string,
): Promise<Shown> {
  const outcome = await withOrWithoutFiles(view, (look) =>
    sendPatiently(scheduler, {
      kind: "create",
      channelId,
      call: () => createCardCall(look, channelId, nonce),
    }),
  );
  const messageId = outcome.kind === "ok" ? readMessageId(outcome.body) : undefined;
  if (outcome.kind !== "ok" || messageId === undefined) return { kind: notShown(outcome) };
  const at = { channelId, messageId };
  // The nonce found a message of before a restart, when the pause stood otherwise.
  if (!isEchoOf(outcome.body, view)) await editCard(scheduler, view, at);
  return { kind: "shown", at };
}

/** Makes a posted card look so. */
export async function editCard(scheduler: Scheduler, view: CardView, at: MessageAddress): Promise<Shown> {
  const outcome = await withOrWithoutFiles(view, (look) =>
    sendPatiently(scheduler, {
      kind: "edit",
      channelId: at.channelId,
      call: () => editCardCall(look, at),
    }),
  );
  return outcome.kind === "ok" ? { kind: "shown", at } : { kind: notShown(outcome) };
}

/** Why a request did not lead to a message. */
export function notShown(outcome: Outcome): "gone" | "refused" | "unknown" {
  if (outcome.kind !== "refused") return "unknown";
  const setback = readSetback(outcome);
  if (setback.kind === "gone") return "gone";
  return setback.kind === "lost" && setback.reason === "channel-gone" ? "gone" : "refused";
}

/** A card without its file is better than none. */
async function withOrWithoutFiles(
  view: CardView,
  send: (look: CardView) => Promise<Outcome>,
): Promise<Outcome> {
  const outcome = await send(view);
  if (view.files.length === 0 || outcome.kind !== "refused") return outcome;
  const setback = readSetback(outcome);
  const isAboutFiles =
    setback.kind === "files-refused" || (setback.kind === "lost" && setback.reason === "no-permission");
  return isAboutFiles ? send({ ...view, files: [], blocks: [...view.blocks, NO_FILES] }) : outcome;
}

/** Whether a response shows these texts; Discord trims them. A response without components proves nothing. */
function isEchoOf(body: unknown, { blocks }: CardView): boolean {
  const texts = textsOf(body);
  return (
    texts.length === 0 ||
    texts.slice(0, blocks.length).join("\n") === blocks.map((one) => one.trim()).join("\n")
  );
}

function textsOf(value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [];
  const components: unknown = Reflect.get(value, "components");
  const content: unknown = Reflect.get(value, "type") === 10 ? Reflect.get(value, "content") : undefined;
  const own = typeof content === "string" ? [content.trim()] : [];
  return [...own, ...(Array.isArray(components) ? components.flatMap(textsOf) : [])];
}
