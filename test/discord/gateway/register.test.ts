import { describe, expect, it } from "vitest";
import about from "../../../commands/about.ts";
import { commandsFor } from "../../../commands/index.ts";
import { LOCALES, QUESTION_OPTIONS } from "../../../commands/locales.ts";
import { readConfig } from "../../../src/config/read.ts";
import { type CommandJson, toCommandsJson } from "../../../src/discord/gateway/command-json.ts";
import { registerCommands } from "../../../src/discord/gateway/register.ts";
import { silentLog } from "../../silent-log.ts";

const { routes } = readConfig(
  { DISCORD_BOT_TOKEN: "x".repeat(50), KAGENT_BASE_URL: "http://k" },
  () => "",
).routing;
const commands = toCommandsJson(commandsFor(routes, 1), about.name, LOCALES, QUESTION_OPTIONS);

/** Discord's memory of commands: it adds ids and versions, and leaves out what is empty. */
function discordWith(known: Record<string, readonly CommandJson[]>, guildIds: readonly string[] = []) {
  const puts: string[] = [];
  return {
    puts,
    get: async (path: string) =>
      path.startsWith("/users/@me/guilds")
        ? guildIds.map((id) => ({ id }))
        : (known[path.split("?")[0] ?? ""] ?? []).map(asDiscordSaysIt),
    async put(path: string, body: unknown) {
      puts.push(`${path} ${Array.isArray(body) ? body.length : body}`);
    },
  };
}

function asDiscordSaysIt(command: CommandJson): unknown {
  const text = JSON.stringify({
    ...command,
    id: "1",
    version: "2",
    nsfw: false,
    description_localizations: null,
  });
  const localized = "description_localizations" in command ? command.description_localizations : undefined;
  return { ...JSON.parse(text), ...(localized ? { description_localizations: localized } : {}) };
}

const register = (api: ReturnType<typeof discordWith>, guildIds: readonly string[]) =>
  registerCommands(api, { applicationId: "app", guildIds, commands }, silentLog);

describe("registering commands", () => {
  it("writes nothing when Discord has the same ones, whatever it adds to them", async () => {
    const api = discordWith({ "/applications/app/commands": commands });
    expect(await register(api, [])).toEqual([]);
    expect(api.puts).toEqual([]);
  });

  it("overwrites all of them at once when one differs", async () => {
    const api = discordWith({ "/applications/app/commands": commands.slice(1) });
    await register(api, []);
    expect(api.puts).toEqual([`/applications/app/commands ${commands.length}`]);
  });

  it("notices a translation that was dropped", async () => {
    const [first, ...rest] = commands;
    if (!first) throw new Error("no commands");
    const known = [{ ...first, name_localizations: { fr: "vieux" } }, ...rest];
    const api = discordWith({ "/applications/app/commands": known });
    await register(api, []);
    expect(api.puts).toHaveLength(1);
  });

  it("takes the global ones away when servers are named, so that nobody sees them twice", async () => {
    const api = discordWith({ "/applications/app/commands": commands });
    await register(api, ["g1"]);
    expect(api.puts).toEqual([
      `/applications/app/guilds/g1/commands ${commands.length}`,
      "/applications/app/commands 0",
    ]);
  });

  it("takes the commands of the only server away when they are global again", async () => {
    const known = {
      "/applications/app/commands": commands,
      "/applications/app/guilds/g1/commands": commands,
    };
    const api = discordWith(known, ["g1"]);
    await register(api, []);
    expect(api.puts).toEqual(["/applications/app/guilds/g1/commands 0"]);
  });

  it("leaves servers alone that it may not serve, or whose commands are not its own", async () => {
    const [first] = commands;
    if (!first) throw new Error("no commands");
    const there = {
      "/applications/app/commands": commands,
      "/applications/app/guilds/g1/commands": commands,
    };
    const several = discordWith(there, ["g1", "g2"]);
    await register(several, []);
    const foreign = { ...there, "/applications/app/guilds/g1/commands": [{ ...first, name: "other" }] };
    const other = discordWith(foreign, ["g1"]);
    await register(other, []);
    expect([...several.puts, ...other.puts]).toEqual([]);
  });

  it("goes on with the other servers where one fails, keeps the global ones, and says so", async () => {
    const api = discordWith({ "/applications/app/commands": commands });
    const get = async (path: string) => {
      if (path.includes("/guilds/g1/")) throw new Error("Missing Access");
      return api.get(path);
    };
    await expect(register({ ...api, get }, ["g1", "g2"])).rejects.toThrow("not be registered everywhere");
    expect(api.puts).toEqual([`/applications/app/guilds/g2/commands ${commands.length}`]);
  });

  it("keeps names and descriptions within Discord's limits in every language", () => {
    for (const command of commands) {
      const texts = Object.values({ ...command.name_localizations, own: command.name });
      for (const name of texts) expect([...(name ?? "")].length).toBeLessThanOrEqual(32);
      if (!("description" in command)) continue;
      for (const text of Object.values({ ...command.description_localizations, own: command.description })) {
        expect([...(text ?? "")].length).toBeLessThanOrEqual(100);
      }
    }
  });

  it("speaks German and Japanese", () => {
    const ask = commands.find((command) => command.name === "ask");
    expect(ask?.name_localizations).toMatchObject({ de: "fragen", ja: "質問" });
  });
});
