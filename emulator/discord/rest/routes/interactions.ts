import { invalidForm, refuse } from "../../errors.ts";
import { type JsonObject, numberAt, objectAt, objectsAt, textAt } from "../../json.ts";
import { checkNotEmpty, readMessage, settableFlags, type Written } from "../../rules/message.ts";
import { checkModal } from "../../rules/modal.ts";
import { messageJson } from "../../wire/message.ts";
import { type Interaction, interactionTypes } from "../../world/interaction.ts";
import { acknowledge, createLoadingReply, createReply, openModal } from "../../world/interactions.ts";
import { editMessage } from "../../world/messages.ts";
import { type Message, messageFlags } from "../../world/model.ts";
import { type Answer, type Call, noContent, ok, param, type Route } from "../call.ts";

/** Callback types: https://docs.discord.com/developers/interactions/receiving-and-responding */
const callbacks = { message: 4, deferred: 5, deferredUpdate: 6, update: 7, choices: 8, modal: 9 } as const;

export const interactionRoutes: readonly Route[] = [
  {
    method: "POST",
    path: "/interactions/{interaction_id}/{interaction_token}/callback",
    auth: "token",
    run: answerInteraction,
  },
];

function answerInteraction(call: Call): Answer {
  const interaction = call.world.interactions.get(param(call, "interaction_token"));
  if (interaction?.id !== param(call, "interaction_id")) throw refuse("unknownInteraction");
  const type = numberAt(call.body, "type") ?? 0;
  const data = objectAt(call.body, "data") ?? {};
  needFitting(interaction, type);
  const apply = prepare(call, interaction, type, data);
  acknowledge(call.world, interaction, type);
  const shown = apply();
  call.world.emit({ kind: "interaction-answered", interaction });
  return call.query.get("with_response") === "true"
    ? ok(responseJson(call, interaction, type, shown))
    : noContent;
}

/** Throws 50035 for a callback that this kind of interaction does not take. */
function needFitting(interaction: Interaction, type: number): void {
  const { kind, source } = interaction;
  const isUpdate = type === callbacks.update || type === callbacks.deferredUpdate;
  const fits =
    kind === "autocomplete"
      ? type === callbacks.choices
      : type !== callbacks.choices &&
        (!isUpdate || source !== undefined) &&
        (type !== callbacks.modal || kind !== "modal");
  if (!fits)
    throw invalidForm("type", "INTERACTION_CALLBACK_TYPE_INVALID", "Not possible for this interaction");
}

/** Checks everything first, so that a refused callback does not use the interaction up. */
function prepare(
  call: Call,
  interaction: Interaction,
  type: number,
  data: JsonObject,
): () => Message | undefined {
  if (type === callbacks.choices) return prepareChoices(interaction, data);
  if (type === callbacks.modal) return prepareModal(interaction, data);
  if (type === callbacks.deferred) return prepareDeferral(call, interaction, data);
  if (type === callbacks.deferredUpdate) return () => keepOriginal(interaction, interaction.source);
  if (type === callbacks.update) return prepareUpdate(call, interaction, data);
  return prepareMessage(call, interaction, data);
}

function prepareChoices(interaction: Interaction, data: JsonObject): () => undefined {
  return () => {
    interaction.choices = objectsAt(data, "choices");
  };
}

function prepareModal(interaction: Interaction, data: JsonObject): () => undefined {
  const components = checkModal(data);
  const modal = { customId: textAt(data, "custom_id") ?? "", title: textAt(data, "title") ?? "", components };
  return () => {
    openModal(interaction, modal);
  };
}

function prepareDeferral(call: Call, interaction: Interaction, data: JsonObject): () => Message {
  const flags = numberAt(data, "flags") ?? 0;
  if (flags & ~settableFlags.deferred) {
    throw invalidForm("data.flags", "MESSAGE_FLAGS_INVALID", "A deferred reply can only be ephemeral");
  }
  return () => keepOriginal(interaction, createLoadingReply(call.world, interaction, flags));
}

function prepareUpdate(call: Call, interaction: Interaction, data: JsonObject): () => Message | undefined {
  const { source, channel } = interaction;
  if (!source) return () => undefined;
  const rules = { from: "webhook", flags: settableFlags.edit, existing: source } as const;
  const written = readMessage(call.world, data, call.files, rules);
  checkNotEmpty(written);
  return () => {
    if (source.deleted) throw refuse("unknownMessage");
    editMessage(call.world, channel, source, written);
    return keepOriginal(interaction, source);
  };
}

function prepareMessage(call: Call, interaction: Interaction, data: JsonObject): () => Message {
  const written = readMessage(call.world, data, call.files, {
    from: "webhook",
    flags: settableFlags.interaction,
  });
  checkNotEmpty(written);
  return () => keepOriginal(interaction, reply(call, interaction, written));
}

/** An answer to a button hangs under the message with the button. */
function reply(call: Call, interaction: Interaction, written: Written): Message {
  const { source } = interaction;
  const isUnder =
    interaction.kind === "component" && source !== undefined && source.ephemeralFor === undefined;
  return createReply(call.world, interaction, written, isUnder ? { replyTo: source } : {});
}

function keepOriginal<T extends Message | undefined>(interaction: Interaction, message: T): T {
  if (message) {
    interaction.original = message;
    interaction.ephemeral = message.ephemeralFor !== undefined;
  }
  return message;
}

function responseJson(
  call: Call,
  interaction: Interaction,
  type: number,
  shown: Message | undefined,
): JsonObject {
  // Discord leaves the message of a deferral out.
  const withMessage = type === callbacks.message || type === callbacks.update;
  return {
    interaction: {
      id: interaction.id,
      type: interactionTypes[interaction.kind],
      channel_id: interaction.channel.id,
      ...(interaction.channel.guildId === undefined ? {} : { guild_id: interaction.channel.guildId }),
      ...(shown
        ? {
            response_message_id: shown.id,
            response_message_loading: (shown.flags & messageFlags.loading) !== 0,
            response_message_ephemeral: shown.ephemeralFor !== undefined,
          }
        : {}),
    },
    ...(withMessage && shown
      ? { resource: { type, message: messageJson(call.view, interaction.channel, shown) } }
      : {}),
  };
}
