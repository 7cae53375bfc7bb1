import {
  type ButtonInteraction,
  MessageFlags,
  type ModalSubmitInteraction,
  type StringSelectMenuInteraction,
} from "discord.js";
import { toComponents } from "../rest/card-components.ts";
import type { CardView } from "../view/card-view.ts";
import { directRefusal, sentenceFor } from "./refusal.ts";
import type { Surroundings } from "./surroundings.ts";

/** Anything that is done with a card or with one of its private steps. */
export type Click = ButtonInteraction | StringSelectMenuInteraction | ModalSubmitInteraction;

/** How a click speaks back to the person who clicked, and to nobody else. */
export interface ClickReply {
  tell(sentence: string): Promise<void>;
  /** In the private message that was clicked; a click on the public card gets a new one. */
  show(view: CardView): Promise<void>;
}

const NOBODY = { parse: [] } as const;

/** Whether a click came from a private step; otherwise it came from the card that everybody sees. */
export function isPrivate(click: Click): boolean {
  return click.message?.flags.has(MessageFlags.Ephemeral) ?? false;
}

/**
 * Acknowledges at once and works beside it: what people decide stands even when Discord loses the acknowledgement (10062,
 * 40060). In direct messages Discord is asked meanwhile whether the person may still use the bot. Never rejects: the person
 * reads what went wrong.
 */
export async function answering(
  around: Surroundings,
  click: Click,
  work: (reply: ClickReply) => Promise<void>,
): Promise<void> {
  const lost = (what: string) => (err: unknown) =>
    around.log.warn({ err, interactionId: click.id }, `${what} was lost`);
  const acknowledged = click.deferUpdate().then(() => {}, lost("an acknowledgement"));
  const reply: ClickReply = {
    async tell(sentence) {
      await acknowledged;
      const content = sentence.slice(0, 2000);
      // Through the webhook: discord.js refuses a follow-up when it did not hear that its acknowledgement arrived.
      const sent = click.webhook.send({ content, flags: MessageFlags.Ephemeral, allowedMentions: NOBODY });
      await sent.catch(lost("a private reply"));
    },
    async show(view) {
      await acknowledged;
      const components = toComponents(view);
      const shown = isPrivate(click)
        ? click.webhook.editMessage("@original", { components, allowedMentions: NOBODY })
        : click.webhook.send({
            components,
            flags: MessageFlags.Ephemeral | MessageFlags.IsComponentsV2,
            allowedMentions: NOBODY,
          });
      await shown.catch(lost("a private step"));
    },
  };
  try {
    const refusal = await directRefusal(around, click);
    await (refusal === undefined ? work(reply) : reply.tell(refusal));
  } catch (error) {
    await reply.tell(sentenceFor(around, error));
  }
  await acknowledged;
}
