import { describe, expect, it } from "vitest";
import { type Story, tell } from "./story.ts";

const overwrites = (discord: Story["discord"]) =>
  discord.requests.filter((one) => one.method === "PUT" && one.path.endsWith("/commands")).length;

describe("registering commands", () => {
  it("happens once: a restart that changes nothing overwrites nothing", async () => {
    const { discord, startBot, stopBot, guild } = await tell();
    expect(overwrites(discord)).toBe(1);
    await stopBot();
    await startBot();
    expect(overwrites(discord)).toBe(1);
    expect(discord.world.commands.list(guild.id)).toEqual([]);
  });

  it("happens once in named guilds too, which give back less of a command", async () => {
    const named = { env: ({ guild }: { guild: { id: string } }) => ({ DISCORD_GUILD_IDS: guild.id }) };
    const { discord, startBot, stopBot } = await tell(named);
    expect(overwrites(discord)).toBe(1);
    await stopBot();
    await startBot();
    expect(overwrites(discord)).toBe(1);
  });

  it("happens in the named guilds, and only there", async () => {
    const { discord, guild, ana, ops } = await tell({
      env: ({ guild: home }) => ({ DISCORD_GUILD_IDS: home.id }),
    });
    expect(discord.world.commands.list(undefined)).toEqual([]);
    expect(discord.world.commands.list(guild.id).length).toBeGreaterThan(8);
    expect(ana.offers(ops)).toContain("/k8s");
  });

  it("offers each route's command, the built-in ones and the message menu", async () => {
    const { ana, ops } = await tell();
    expect(ana.offers(ops)).toEqual([
      "/k8s",
      "/istio",
      "/security",
      "/ask",
      "/agents",
      "/approvals",
      "/new",
      "/stop",
      "/status",
      "/doctor",
      "/help",
      "Ask an agent about this",
    ]);
  });

  it("that fails leaves the bot running with the commands of before", async () => {
    const { ana, ops, discord, stopBot, startBot, sees } = await tell({ expects: /could not be registered/ });
    await stopBot();
    discord.faults.add({ method: "GET", route: /\/commands$/, times: 10 }, { kind: "status", status: 500 });
    await startBot();
    discord.faults.clear();
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    await sees(ops, "✅ done");
  });
});
