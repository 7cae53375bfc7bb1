import { describe, expect, it } from "vitest";
import { tell } from "./story.ts";

describe("registering commands", () => {
  it("happens once: a restart that changes nothing overwrites nothing", async () => {
    const { discord, startBot, stopBot, guild } = await tell();
    const puts = () =>
      discord.requests.filter((one) => one.method === "PUT" && one.path.endsWith("/commands"));
    expect(puts()).toHaveLength(1);
    await stopBot();
    await startBot();
    expect(puts()).toHaveLength(1);
    expect(discord.world.commands.list(guild.id)).toEqual([]);
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
