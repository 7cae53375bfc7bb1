import { expect, it } from "vitest";
import { agent, closedGate, heldAt, tell } from "./story.ts";

it("a person who left the served server cannot press a button in direct messages any more", async () => {
  const gate = closedGate();
  const { ana, sees, message, asked, discord } = await tell({
    agents: [agent("k8s-agent", heldAt(gate))],
    env: ({ guild }) => ({ DISCORD_GUILD_IDS: guild.id, DISCORD_DIRECT_MESSAGES: "true" }),
  });
  await ana.says(ana.dm(), "hello");
  await sees(ana.dm(), "Looking.");
  await ana.clicks(await message(ana.dm(), "Looking."), "Stop");
  await sees(ana.dm(), "⏹️ Stopped.");
  discord.faults.add(
    { method: "GET", route: /\/members\//, times: 5 },
    { kind: "status", status: 404, code: 10007, message: "Unknown Member" },
  );
  await ana.clicks(await message(ana.dm(), "⏹️ Stopped."), "Try again");
  await sees(ana.dm(), "none of the servers", ana);
  expect(asked()).toHaveLength(1);
});

it("a person who left the served server is offered no agents in direct messages", async () => {
  const { ana, discord } = await tell({ env: () => ({ DISCORD_DIRECT_MESSAGES: "true" }) });
  const offered = await ana.completes(ana.dm(), "/ask", "agent", "k8s", { prompt: "x" });
  expect(offered.map((one) => one.name)).toEqual(["k8s-agent"]);
  discord.faults.add(
    { method: "GET", route: /\/members\// },
    { kind: "status", status: 404, code: 10007, message: "Unknown Member" },
  );
  expect(await ana.completes(ana.dm(), "/ask", "agent", "k8s", { prompt: "x" })).toEqual([]);
});
