import { Client, type ClientOptions, DiscordAPIError, GatewayIntentBits, Partials } from "discord.js";
import { expect } from "vitest";
import { startDiscord } from "../../../emulator/discord/discord.ts";
import type { DiscordOptions, LocalDiscord } from "../../../emulator/discord/local-discord.ts";
import { REST_OPTIONS } from "../../../src/discord/rest/discord-wire.ts";

const intents = [
  GatewayIntentBits.Guilds,
  GatewayIntentBits.GuildMessages,
  GatewayIntentBits.DirectMessages,
  GatewayIntentBits.MessageContent,
];

/** A real discord.js client, logged in to the local Discord. */
export async function connect(
  discord: LocalDiscord,
  options: Partial<ClientOptions> = {},
): Promise<Client<true>> {
  const client = new Client({
    intents,
    partials: [Partials.Channel, Partials.Message],
    waitGuildTimeout: 1000,
    // Without it a second IDENTIFY waits five seconds.
    ws: { buildIdentifyThrottler: async () => ({ waitForIdentify: async () => {} }) },
    ...options,
    // Other files of the same process may have loaded another undici, whose dispatcher breaks discord.js's own forms.
    rest: { api: discord.apiUrl, makeRequest: REST_OPTIONS.makeRequest, ...options.rest },
  });
  const ready = new Promise<Client<true>>((resolve) => client.once("clientReady", resolve));
  try {
    await client.login(discord.token);
  } catch (error) {
    await client.destroy();
    throw error;
  }
  return ready;
}

/** A guild with a channel, a person and a connected bot; every answer of the emulator is held against the description. */
export async function openStage(options: DiscordOptions = {}, client: Partial<ClientOptions> = {}) {
  const discord = await startDiscord({ checkResponses: true, ...options });
  const guild = discord.createGuild({ name: "ops" });
  const general = guild.createChannel({ name: "general" });
  const ana = discord.createPerson({ name: "ana" });
  const bot = await connect(discord, client);
  const channel = await bot.channels.fetch(general.id);
  if (!channel?.isSendable() || channel.isDMBased()) throw new Error("no channel");
  return {
    discord,
    guild,
    general,
    ana,
    bot,
    channel,
    async close() {
      await bot.destroy();
      expect(discord.requests.filter((request) => request.misfit !== undefined)).toEqual([]);
      await discord.stop();
    },
  };
}

export type Stage = Awaited<ReturnType<typeof openStage>>;

/** The Discord code that a request is refused with. */
export async function refusal(request: Promise<unknown>): Promise<number | string> {
  try {
    await request;
    return "accepted";
  } catch (error) {
    if (error instanceof DiscordAPIError) return error.code;
    throw error;
  }
}
