import type { ButtonInteraction } from "discord.js";
import type { Front } from "./asking.ts";
import { confirmButtons, confirmText } from "./confirm.ts";
import { insteadOffer } from "./instead-offer.ts";
import { privately } from "./private-reply.ts";
import type { Surroundings } from "./surroundings.ts";

/**
 * How a question speaks back that waited for a click: the bot token speaks, so that nothing depends on the interaction
 * any more. `messageId`: the person's own message, where there is one.
 */
export function laterFront(
  around: Surroundings,
  interaction: ButtonInteraction,
  messageId: string | undefined,
): Front {
  const { channelId } = interaction;
  const replyTo = messageId === undefined ? {} : { replyTo: messageId };
  return {
    refuse: (sentence) => privately(around, interaction, sentence),
    async confirm(agent, pendingId) {
      await around.channels.post(channelId, {
        content: confirmText(around.label(agent), agent.cluster),
        buttons: confirmButtons(pendingId, agent.cluster),
        nonce: `ok-${interaction.id}`,
        ...replyTo,
      });
    },
    async instead(card, pending) {
      const offer = insteadOffer(around, card, pending);
      await around.channels.post(channelId, { ...offer, nonce: `in-${interaction.id}`, ...replyTo });
    },
    async begin(content) {
      if (messageId !== undefined) return { address: { channelId, messageId }, ours: false };
      const posted = await around.channels.post(
        channelId,
        { content, nonce: `it-${interaction.id}` },
        "acknowledgement",
      );
      return posted === undefined ? undefined : { address: { channelId, messageId: posted }, ours: true };
    },
  };
}
