import { refuse } from "../../errors.ts";
import { checkNotEmpty, readMessage, settableFlags } from "../../rules/message.ts";
import { messageJson } from "../../wire/message.ts";
import type { Interaction } from "../../world/interaction.ts";
import { createReply, TOKEN_MS } from "../../world/interactions.ts";
import { deleteMessage } from "../../world/messages.ts";
import { type Message, messageFlags } from "../../world/model.ts";
import { type Answer, type Call, noContent, ok, param, type Route } from "../call.ts";
import { applyEdit } from "./messages.ts";

const path = "/webhooks/{webhook_id}/{webhook_token}";
const bucket = { name: "webhook", major: ["webhook_id", "webhook_token"] } as const;

export const webhookRoutes: readonly Route[] = [
  { method: "POST", path, auth: "token", bucket, run: followUp },
  ...["@original", "{message_id}"].flatMap((which): Route[] => [
    { method: "GET", path: `${path}/messages/${which}`, auth: "token", bucket, run: getReply },
    { method: "PATCH", path: `${path}/messages/${which}`, auth: "token", bucket, run: editReply },
    { method: "DELETE", path: `${path}/messages/${which}`, auth: "token", bucket, run: deleteReply },
  ]),
];

/** The answered interaction of the path. Throws 50027 for a token that is unknown or older than 15 minutes. */
function interactionOf(call: Call): Interaction {
  if (param(call, "webhook_id") !== call.world.applicationId) throw refuse("unknownWebhook");
  const interaction = call.world.interactions.get(param(call, "webhook_token"));
  if (!interaction) throw refuse("invalidWebhookToken");
  if (call.world.clock.now() - interaction.createdAt > TOKEN_MS) throw refuse("invalidWebhookToken");
  if (interaction.callback === undefined) throw refuse("unknownWebhook");
  return interaction;
}

function replyOf(call: Call, interaction: Interaction): Message {
  const id = call.params.message_id;
  const all = [interaction.original, interaction.source, ...interaction.followups];
  const message = id === undefined ? interaction.original : all.find((candidate) => candidate?.id === id);
  if (!message || message.deleted) throw refuse("unknownMessage");
  return message;
}

function getReply(call: Call): Answer {
  const interaction = interactionOf(call);
  return ok(messageJson(call.view, interaction.channel, replyOf(call, interaction)));
}

function editReply(call: Call): Answer {
  const interaction = interactionOf(call);
  const message = replyOf(call, interaction);
  applyEdit(call, interaction.channel, message, "webhook");
  return ok(messageJson(call.view, interaction.channel, message));
}

function deleteReply(call: Call): Answer {
  const interaction = interactionOf(call);
  deleteMessage(call.world, interaction.channel, replyOf(call, interaction));
  return noContent;
}

function followUp(call: Call): Answer {
  const interaction = interactionOf(call);
  const { original } = interaction;
  // The first follow-up after a deferral fills the deferred reply (deprecated, but it is what Discord does).
  if (original && original.flags & messageFlags.loading) {
    const { flags: _, ...body } = call.body;
    applyEdit({ ...call, body }, interaction.channel, original, "webhook");
    return ok(messageJson(call.view, interaction.channel, original));
  }
  const written = readMessage(call.world, call.body, call.files, {
    from: "webhook",
    flags: settableFlags.interaction,
  });
  checkNotEmpty(written);
  const isUnder = original && !original.deleted && original.ephemeralFor === undefined;
  const message = createReply(call.world, interaction, written, isUnder ? { replyTo: original } : {});
  interaction.followups.push(message);
  return ok(messageJson(call.view, interaction.channel, message));
}
