import { createServer } from "node:http";
import { createClock } from "./clock.ts";
import { createGateway } from "./gateway/gateway.ts";
import type { DiscordOptions, LocalDiscord } from "./local-discord.ts";
import { createBot, createGuild, createPerson, postByWebhook } from "./people/cast.ts";
import { createApi } from "./rest/api.ts";
import { createFaults } from "./rest/faults.ts";
import { createLatency } from "./rest/latency.ts";
import { createNonces, createRateLimits, discordLimits, type Limits } from "./rest/limits.ts";
import { listen } from "./rest/listen.ts";
import { countRequests, type LoggedRequest } from "./rest/log.ts";
import { createListener } from "./rest/server.ts";
import { sharedSpecCheck } from "./rest/spec-check.ts";
import { transcriptOf } from "./transcript/transcript.ts";
import { createWaiting } from "./waiting.ts";
import type { MessageView } from "./wire/message.ts";
import { World } from "./world/world.ts";

/** Starts a local Discord on the loopback interface. */
export async function startDiscord(options: DiscordOptions = {}): Promise<LocalDiscord> {
  const clock = createClock();
  const buckets = { ...discordLimits.buckets, ...options.limits?.buckets };
  const limits: Limits = { ...discordLimits, ...options.limits, buckets };
  const world = new World({
    clock,
    token: options.token ?? "MTA.local.discord-bot-token",
    botName: options.botName ?? "kagent",
    messageContent: options.messageContent ?? true,
    activeThreads: limits.activeThreads,
    commandCreatesPerDay: limits.commandCreatesPerDay,
  });
  const requests: LoggedRequest[] = [];
  const waiting = createWaiting(() => describeWorld(world, requests));
  const faults = createFaults();
  const spec = sharedSpecCheck();
  let origin = "127.0.0.1";
  const gatewayUrl = () => `ws://${origin}/gateway`;
  const view = (contentGranted = world.messageContent): MessageView => ({
    world,
    cdnUrl: `http://${origin}/cdn`,
    contentGranted,
  });

  const api = createApi({
    world,
    spec,
    limits: createRateLimits(clock, limits),
    nonces: createNonces(clock, limits.nonceMs),
    view,
    gatewayUrl,
  });
  const gateway = createGateway({ world, heartbeatMs: options.heartbeatMs ?? 41_250, url: gatewayUrl, view });
  const server = createServer(
    createListener({
      world,
      api,
      faults,
      latency: createLatency(options.latency, options.seed ?? 1),
      responses: options.checkResponses ? spec : undefined,
      log(request) {
        requests.push(request);
        waiting.poke();
      },
    }),
  );
  server.on("upgrade", gateway.upgrade);
  world.onChange(waiting.poke);
  origin = await listen(server, options.port ?? 0);

  const parts = { world, waiting, view: () => view() };
  return {
    apiUrl: `http://${origin}/api`,
    cdnUrl: `http://${origin}/cdn`,
    gatewayUrl: gatewayUrl(),
    token: world.token,
    applicationId: world.applicationId,
    botId: world.bot.id,
    clock,
    world,
    gateway,
    faults,
    requests,
    counts: () => countRequests(requests),
    createGuild: (wanted) => createGuild(world, wanted),
    createPerson: (wanted) => createPerson(parts, wanted),
    createBot: (wanted) => createBot(parts, wanted),
    postByWebhook: (channel, post) => postByWebhook(world, channel, post),
    setMessageContent(granted) {
      world.messageContent = granted;
    },
    transcript: (channel, how) => transcriptOf(world, channel, how),
    messages: (channel) => [...channel.messages.values()],
    threads: (channel) => [...world.channels.values()].filter((other) => other.parentId === channel.id),
    until: waiting.until,
    onChange: (listener) => world.onChange(listener),
    prepare: spec.prepare,
    async stop() {
      clock.stop();
      waiting.stop();
      gateway.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

/** All channels with messages and the refused requests: what a failed wait needs to be understood. */
function describeWorld(world: World, requests: readonly LoggedRequest[]): string {
  const spoken = [...world.channels.values()].filter((channel) => channel.messages.size > 0).slice(-10);
  const refused = requests.filter((request) => request.status === 0 || request.status >= 400).slice(-10);
  return [
    ...spoken.map((channel) => transcriptOf(world, channel)),
    ...refused.map(
      ({ method, path, status, code, message }) =>
        `${method} ${path} → ${status} ${code ?? ""} ${message ?? ""}`,
    ),
  ].join("\n");
}
