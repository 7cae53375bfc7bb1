import { startBackend } from "./backend.ts";
import type { DiscordOptions, LocalDiscord } from "./local-discord.ts";
import { createBot, createGuild, createPerson, postByWebhook } from "./people/cast.ts";
import { redeliver } from "./people/redelivery.ts";
import { countRequests } from "./rest/log.ts";
import { sharedSpecCheck } from "./rest/spec-check.ts";
import { messageLines, transcriptOf } from "./transcript/transcript.ts";

/** Starts a local Discord on the loopback interface. Throws when its port is taken. */
export async function startDiscord(options: DiscordOptions = {}): Promise<LocalDiscord> {
  // Now, so that it takes nothing of the three seconds that a bot has for an interaction.
  sharedSpecCheck().prepare();
  const backend = await startBackend(options);
  const { world, waiting, gateway, faults, requests, origin } = backend;
  return {
    apiUrl: `http://${origin}/api`,
    cdnUrl: `http://${origin}/cdn`,
    gatewayUrl: `ws://${origin}/gateway`,
    token: world.token,
    applicationId: world.applicationId,
    botId: world.bot.id,
    clock: world.clock,
    world,
    gateway,
    faults,
    requests,
    counts: () => countRequests(requests),
    createGuild: (wanted) => createGuild(world, wanted),
    createPerson: (wanted) => createPerson(backend, wanted),
    createBot: (wanted) => createBot(backend, wanted),
    postByWebhook: (channel, post) => postByWebhook(world, channel, post),
    setMessageContent(granted) {
      world.messageContent = granted;
    },
    transcript: (channel, how) => transcriptOf(world, channel, how),
    messageText: (message, how) => messageLines(world, message, how?.history === true).join("\n"),
    messages: (channel) => [...channel.messages.values()],
    threads: (channel) => [...world.channels.values()].filter((other) => other.parentId === channel.id),
    redeliver: (what) => redeliver(world, what),
    until: waiting.until,
    onChange: (listener) => world.onChange(listener),
    stop: backend.stop,
  };
}
