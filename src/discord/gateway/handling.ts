import type { Interaction } from "discord.js";

/** Something that a person did. */
export interface Happening {
  readonly kind: "command" | "component" | "form" | "message";
  /** Of the interaction, or the message. */
  readonly id: string;
  /** The command's name. */
  readonly command?: string;
  readonly guildId?: string;
  readonly channelId?: string;
  readonly userId: string;
}

/** Hears of what people do while the bot deals with it. It must be cheap and must not throw. */
export interface HandlingObserver {
  /** Runs the work; what it causes belongs to this. */
  handle<R>(happening: Happening, work: () => Promise<R>): Promise<R>;
  /** What is being dealt with right here failed, and people read this reference. */
  failed(reference: string, error: unknown): void;
}

/** What somebody did, read from its interaction. */
export function happeningOf(interaction: Interaction): Happening {
  const { id, guildId, channelId, user } = interaction;
  return {
    kind: kindOf(interaction),
    id,
    userId: user.id,
    ...(interaction.isCommand() ? { command: interaction.commandName } : {}),
    ...(guildId === null ? {} : { guildId }),
    ...(channelId === null ? {} : { channelId }),
  };
}

function kindOf(interaction: Interaction): Happening["kind"] {
  if (interaction.isCommand()) return "command";
  return interaction.isModalSubmit() ? "form" : "component";
}
