import { describe, expect, it } from "vitest";
import { agent, tell } from "./story.ts";

describe("/doctor", () => {
  it("tells a manager what is wrong, as only that person sees it", async () => {
    const { discord, ops, sees } = await tell({
      agents: [agent("k8s-agent", undefined, { tools: ["k8s_delete_resource"] })],
    });
    const mia = discord.createPerson({ name: "mia", manager: true });
    await mia.runs(ops, "/doctor");
    const told = await sees(ops, "kagent default: routes", mia);
    expect(told).toContain("✅ **Discord gateway** Connected");
    expect(told).toContain("✅ **Discord permissions** The bot has every permission that it needs in acme.");
    expect(told).toMatch(/⚠️ \*\*store\*\* The store is the memory/);
    expect(told).toContain(
      "kagent/k8s-agent changes things without asking anybody: k8s\\_delete\\_resource.",
    );
    expect(told).toContain(
      "❌ **kagent default: routes** /istio asks kagent/istio-agent, which is not there.",
    );
    expect(told).toContain("only you can see this");
    expect(discord.transcript(ops)).not.toContain("k8s-agent");
  });

  it("tells nobody else anything", async () => {
    const { ana, ops, sees } = await tell();
    await ana.runs(ops, "/doctor");
    const told = await sees(ops, "Only members with Manage Server may run this", ana);
    expect(told).not.toContain("Discord token");
  });

  it("tells nothing of other servers that the bot serves", async () => {
    let others = { id: "", lab: "" };
    const { discord, ops, sees } = await tell({
      furnish: (world) => {
        const globex = world.createGuild({ name: "globex" });
        const deny = ["SEND_MESSAGES"] as const;
        const lab = globex.createChannel({ name: "lab", permissions: [{ for: "bot", deny }] });
        others = { id: globex.id, lab: lab.id };
      },
      env: ({ guild, ops: here }) => ({
        DISCORD_GUILD_IDS: `${guild.id},${others.id}`,
        DISCORD_CHANNEL_ONLY: `${here.id},${others.lab},112233445566778899`,
        APPROVER_ROLES: "223344556677889900",
      }),
    });
    const mia = discord.createPerson({ name: "mia", manager: true });
    await mia.runs(ops, "/doctor");
    const told = await sees(ops, "kagent default: routes", mia);
    expect(told).toContain("in #ops");
    for (const foreign of ["globex", "lab", others.id, "112233445566778899", "223344556677889900"])
      expect(told).not.toContain(foreign);
  });
});
