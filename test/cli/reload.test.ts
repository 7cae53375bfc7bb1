import { expect, it } from "vitest";
import { scaler } from "../e2e/pausing.ts";
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

it("a card that waits shows the new rule, and keeps to the stricter one", async () => {
  const { answers, ana, ops, discord, file, hangUp, kagent } = await operate({ agents: [scaler()] });
  await answers("/readyz", 200);
  const [boss, other] = ["boss", "other"].map((name) => discord.createPerson({ name, manager: true }));
  if (!boss || !other) throw new Error("nobody");
  await ana.runs(ops, "/k8s", { prompt: "scale checkout" });
  const place = await discord.until(() => discord.threads(ops)[0]);
  const card = await discord.until(() =>
    discord.messages(place).find((one) => discord.messageText(one).includes("[Approve]")),
  );
  file.text = `approvals:\n  rules:\n    - userIds: ["${boss.id}", "${other.id}"]\n      count: 2\n`;
  hangUp();
  await discord.until(() => discord.messageText(card).includes("0 of 2 approvals"));
  await boss.clicks(card, "Approve");
  await discord.until(() => discord.messageText(card).includes("1 of 2 approvals"));
  expect(kagent.decisions).toEqual([]);
  await other.clicks(card, "Approve");
  await discord.until(() => discord.transcript(place).includes("Decided: scaled to 4."));
  expect(kagent.decisions.map(({ did }) => did)).toEqual(["approved"]);
});
