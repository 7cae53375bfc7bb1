import { afterEach, expect, it } from "vitest";
import { type Stage, setStage } from "../../demo/stage.ts";
import { say, script } from "../../emulator/agent/script.ts";

let stage: Stage | undefined;
afterEach(() => stage?.stop());

const agents = [{ name: "k8s-agent", description: "", answer: () => script(say("All pods are ready.")) }];

it("answers direct messages of people from a served server, and of nobody else", async () => {
  stage = await setStage({
    agents,
    env: ({ guild }) => ({ DISCORD_GUILD_IDS: guild.id, DISCORD_DIRECT_MESSAGES: "true" }),
  });
  const { discord, guild, kagent } = stage;
  const strangers = discord.createGuild({ name: "strangers" });
  const ana = discord.createPerson({ name: "ana", guild });
  const eve = discord.createPerson({ name: "eve", guild: strangers });
  await eve.says(eve.dm(), "hello?");
  await discord.until(() => discord.transcript(eve.dm()).includes("none of the servers"), {
    what: "a refusal",
  });
  await ana.says(ana.dm(), "hello?");
  await discord.until(() => discord.transcript(ana.dm()).includes("All pods are ready."), {
    what: "an answer",
  });
  expect(kagent.runs()).toHaveLength(1);
});

it("begins nothing where it could not show the answer, and names the permission", async () => {
  stage = await setStage({ agents });
  const { discord, guild, ops, kagent } = stage;
  const ana = discord.createPerson({ name: "ana" });
  guild.setPermissions(ops, [{ for: "bot", deny: ["VIEW_CHANNEL"] }]);
  const interaction = await ana.runs(ops, "/k8s", { prompt: "why?" });
  const { isEphemeral, message } = await interaction.response();
  expect(isEphemeral).toBe(true);
  expect(message?.content).toContain("I lack View Channel");
  expect(kagent.runs()).toHaveLength(0);
});

it("asks nothing about a message where it could not show the answer, before the form or after it", async () => {
  stage = await setStage({ agents });
  const { discord, guild, ops, kagent } = stage;
  const ana = discord.createPerson({ name: "ana" });
  const alert = await ana.says(ops, "HighErrorRate in checkout");
  const modal = await (await ana.uses(alert, "Ask an agent about this")).modal();
  guild.setPermissions(ops, [{ for: "bot", deny: ["SEND_MESSAGES", "CREATE_PUBLIC_THREADS"] }]);
  const sent = await (await ana.submits(modal, { "Your question": "why?" })).response();
  const opened = await (await ana.uses(alert, "Ask an agent about this")).response();
  for (const { isEphemeral, message } of [sent, opened]) {
    expect(isEphemeral).toBe(true);
    expect(message?.content).toContain("I lack Send Messages");
  }
  expect(kagent.runs()).toHaveLength(0);
});

it("passes over files of a quoted message that are not images", async () => {
  stage = await setStage({ agents });
  const { discord, ops, kagent } = stage;
  const ana = discord.createPerson({ name: "ana" });
  const report = await ana.says(ops, "the report", {
    files: [{ name: "a.pdf", type: "application/pdf", content: "%PDF" }],
  });
  await ana.says(ops, "@kagent what does it say?", { replyTo: report });
  await kagent.until(() => kagent.runs().length === 1);
  expect(kagent.runs()[0]?.prompts[0]).toContain("> the report");
});
