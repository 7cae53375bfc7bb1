import { expect, it } from "vitest";
import { agent } from "../e2e/story.ts";
import { operate } from "./operating.ts";

const agents = [agent("k8s-agent"), agent("istio-agent"), agent("security-agent")];

it("a changed file is in effect for the next question, without a new login", async () => {
  const { answers, ana, ops, discord, file, clock, figure } = await operate({ agents });
  await answers("/readyz", 200);
  const shows = (text: string) =>
    discord.until(() => discord.threads(ops).some((one) => discord.transcript(one).includes(text)), {
      what: text,
    });
  await ana.says(ops, "@bot is envoy fine?");
  await shows("k8s-agent heard: is envoy fine?");
  file.text = "rules:\n  - words: [envoy]\n    agent: istio-agent\n";
  clock.skip(5_000);
  await discord.until(async () => (await figure('config_reloads_total{result="applied"}')) === 1);
  await ana.says(ops, "@bot and envoy now?");
  await shows("istio-agent heard: and envoy now?");
  expect(discord.gateway.stats.identifies).toBe(1);
});

it("a file with mistakes changes nothing, and says so until it is mended", async () => {
  const { answers, discord, file, hangUp, figure } = await operate({ agents });
  await answers("/readyz", 200);
  file.text = "rules:\n  - wrods: [envoy]\n";
  hangUp();
  await answers("/readyz", 200, "The changed one has mistakes, so the one before is in effect.");
  expect(await figure('config_reloads_total{result="refused"}')).toBe(1);
  file.text = "";
  hangUp();
  await answers("/readyz", 200, "It is sound.");
  expect(discord.gateway.stats.identifies).toBe(1);
});

it("who may ask changes with SIGHUP, and what needs a restart is named", async () => {
  const { answers, ana, ops, discord, file, hangUp } = await operate({ agents });
  await answers("/readyz", 200);
  file.text = `access:\n  rules:\n    - roleIds: ["112233445566778899"]\nlimits:\n  queueLength: 3\n`;
  hangUp();
  await answers("/readyz", 200, "Restart the bot for what changed in limits.queueLength.");
  await ana.runs(ops, "/k8s", { prompt: "may I?" });
  await discord.until(() => discord.transcript(ops, { as: ana }).includes("may ask k8s-agent"));
  expect(discord.threads(ops)).toEqual([]);
});
