import { createServer } from "node:http";
import { createClock } from "./clock.ts";
import { Gateway } from "./gateway/gateway.ts";
import type { DiscordOptions } from "./local-discord.ts";
import { createApi } from "./rest/api.ts";
import { createFaults, type Faults } from "./rest/faults.ts";
import { createLatency } from "./rest/latency.ts";
import { createNonces, discordLimits, type Limits, RateLimits } from "./rest/limits.ts";
import { listen } from "./rest/listen.ts";
import type { LoggedRequest } from "./rest/log.ts";
import { createListener } from "./rest/server.ts";
import { sharedSpecCheck } from "./rest/spec-check.ts";
import { transcriptOf } from "./transcript/transcript.ts";
import { createWaiting, type Waiting } from "./waiting.ts";
import type { MessageView } from "./wire/message.ts";
import { World } from "./world/world.ts";

/** The running parts of a local Discord. */
export interface Backend {
  readonly world: World;
  readonly waiting: Waiting;
  readonly gateway: Gateway;
  readonly faults: Faults;
  readonly requests: readonly LoggedRequest[];
  /** `127.0.0.1:PORT`. */
  readonly origin: string;
  /** How messages look to the bot. */
  readonly view: () => MessageView;
  stop(): Promise<void>;
}

/** Puts the world behind an HTTP server with REST, CDN and gateway. */
export async function startBackend(options: DiscordOptions): Promise<Backend> {
  const limits = toLimits(options);
  const world = createWorld(options, limits);
  const requests: LoggedRequest[] = [];
  const waiting = createWaiting(() => describeWorld(world, requests));
  const faults = createFaults();
  let origin = "";
  const gatewayUrl = () => `ws://${origin}/gateway`;
  const view = (contentGranted = world.messageContent): MessageView => ({
    world,
    cdnUrl: `http://${origin}/cdn`,
    contentGranted,
  });
  const gateway = new Gateway({ world, heartbeatMs: options.heartbeatMs ?? 41_250, url: gatewayUrl, view });
  const spec = sharedSpecCheck();
  const rateLimits = new RateLimits(world.clock, limits);
  const nonces = createNonces(world.clock, limits.nonceMs);
  const log = (request: LoggedRequest) => {
    requests.push(request);
    waiting.poke();
  };
  const server = createServer(
    createListener({
      world,
      api: createApi({ world, spec, limits: rateLimits, nonces, view, gatewayUrl }),
      faults,
      latency: createLatency(options.latency, options.seed ?? 1),
      responses: options.checkResponses ? spec : undefined,
      log,
    }),
  );
  server.on("upgrade", (request, socket, head) => gateway.upgrade(request, socket, head));
  world.onChange(waiting.poke);
  origin = await listen(server, options.port ?? 0);
  const stop = async () => {
    world.clock.stop();
    waiting.stop();
    gateway.stop();
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return { world, waiting, gateway, faults, requests, origin, view, stop };
}

function toLimits(options: DiscordOptions): Limits {
  const buckets = { ...discordLimits.buckets, ...options.limits?.buckets };
  return { ...discordLimits, ...options.limits, buckets };
}

function createWorld(options: DiscordOptions, limits: Limits): World {
  return new World({
    clock: createClock(),
    token: options.token ?? "MTA.local.discord-bot-token",
    botName: options.botName ?? "kagent",
    messageContent: options.messageContent ?? true,
    activeThreads: limits.activeThreads,
    commandCreatesPerDay: limits.commandCreatesPerDay,
  });
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
