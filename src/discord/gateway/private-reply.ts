import type { RepliableInteraction } from "discord.js";
import type { Surroundings } from "./surroundings.ts";

/** Tells this person alone; works before and after the acknowledgement. A lost token is logged: nothing else can reach them privately. */
export async function privately(
  around: Surroundings,
  interaction: RepliableInteraction,
  content: string,
): Promise<void> {
  const text = { content: content.slice(0, 2000), allowedMentions: { parse: [] } };
  try {
    const isWaitedFor = interaction.deferred && interaction.ephemeral === true && !interaction.replied;
    if (isWaitedFor) await interaction.editReply(text);
    // After an update, the original is the public message that was clicked.
    else if (interaction.deferred || interaction.replied)
      await interaction.followUp({ ...text, flags: "Ephemeral" });
    else await interaction.reply({ ...text, flags: "Ephemeral" });
  } catch (err) {
    around.log.warn({ err, interactionId: interaction.id }, "a private reply was lost");
  }
}
