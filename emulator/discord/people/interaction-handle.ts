import { type JsonObject, textAt } from "../json.ts";
import type { Waiting } from "../waiting.ts";
import type { Interaction, OpenModal } from "../world/interaction.ts";
import type { Message } from "../world/model.ts";

/** How the bot answered an interaction. */
interface InteractionResponse {
  readonly type: "message" | "deferred" | "deferred-update" | "update" | "choices" | "modal";
  readonly isEphemeral: boolean;
  readonly message?: Message;
  readonly modal?: OpenModal;
  readonly choices?: readonly Choice[];
}

export interface Choice {
  readonly name: string;
  readonly value: string | number;
}

/** One interaction, from the side of the person who started it. */
export interface InteractionHandle {
  readonly id: string;
  readonly token: string;
  readonly isAcknowledged: boolean;
  /** "The application did not respond." */
  readonly hasFailed: boolean;
  /** The reply, once there is one. */
  readonly message: Message | undefined;
  readonly followups: readonly Message[];
  /** Waits for the bot's answer. Throws when the three seconds pass. */
  response(): Promise<InteractionResponse>;
  /** Waits for the form that the bot opens. Throws when it answers with something else. */
  modal(): Promise<OpenModal>;
}

const names = {
  4: "message",
  5: "deferred",
  6: "deferred-update",
  7: "update",
  8: "choices",
  9: "modal",
} as const;

function isKnown(callback: number): callback is keyof typeof names {
  return callback in names;
}

export function createHandle(interaction: Interaction, waiting: Waiting): InteractionHandle {
  const response = async () => {
    await waiting.until(() => interaction.callback !== undefined || interaction.failed, {
      what: `an answer to ${interaction.commandName ?? interaction.kind}`,
    });
    if (interaction.failed) throw new Error("The application did not respond");
    return toResponse(interaction);
  };
  return {
    id: interaction.id,
    token: interaction.token,
    get isAcknowledged() {
      return interaction.callback !== undefined;
    },
    get hasFailed() {
      return interaction.failed;
    },
    get message() {
      return interaction.original;
    },
    followups: interaction.followups,
    response,
    async modal() {
      const { type, modal } = await response();
      if (!modal) throw new Error(`the bot answered with "${type}", not with a form`);
      return modal;
    },
  };
}

function toResponse(interaction: Interaction): InteractionResponse {
  const { callback, original, modal, choices } = interaction;
  if (callback === undefined || !isKnown(callback)) throw new Error(`odd callback ${callback}`);
  return {
    type: names[callback],
    isEphemeral: interaction.ephemeral,
    ...(original ? { message: original } : {}),
    ...(modal ? { modal } : {}),
    ...(choices ? { choices: choices.map(toChoice) } : {}),
  };
}

function toChoice(choice: JsonObject): Choice {
  const value = choice.value;
  return { name: textAt(choice, "name") ?? "", value: typeof value === "number" ? value : String(value) };
}
