import { afterAll, beforeAll, expect, it } from "vitest";
import { fail, script } from "../../emulator/agent/script.ts";
import { agentPaths, doubtfulPath, feedbackPath } from "./agent-paths.ts";
import { discordPaths } from "./discord-paths.ts";
import { leaksIn, planted } from "./markers.ts";
import { processPaths } from "./process-paths.ts";
import { sinks } from "./sinks.ts";
import { type Stage, setStage } from "./stage.ts";

/** Every way in which something goes wrong. To add one: a row in one of these lists, or a list. */
const paths = [...discordPaths, ...agentPaths, doubtfulPath, feedbackPath, ...processPaths];

/** Tells the bot's story of failures at one log level, and looks everywhere after each. */
export function redactionSuite(level: "debug" | "info"): void {
  let stage: Stage;
  const known = new Map<string, string>();
  beforeAll(async () => {
    stage = await setStage(level);
    await doubtfulPath.begin(stage);
  });
  afterAll(() => stage.stop());

  it.each(paths.map((one) => [one.path, one] as const))("%s", async (_path, { logs, provoke }) => {
    const from = stage.bot.output().length;
    await provoke(stage);
    if (logs !== undefined) await stage.bot.writes(logs, from);
    for (const { name, forbids, read } of sinks) {
      const text = await read(stage);
      const before = known.get(name) ?? "";
      known.set(name, text);
      // What was written before is told by the path that wrote it.
      const fresh = text.startsWith(before) ? text.slice(before.length) : text;
      expect(leaksIn(fresh, forbids), name).toEqual([]);
    }
  });

  it.each(sinks.map((one) => [one.name, one] as const))("looks into %s", async (_name, { read, has }) => {
    await stage.discord.until(async () => has.test(await read(stage)), { what: `${has}`, within: 15_000 });
  });

  it("finds what is planted in the log, in the audit trail and in Discord", async () => {
    const eve = stage.discord.createPerson({ name: planted.value });
    stage.plays(script(fail(`in the agent's own words: ${planted.value}`)));
    const room = stage.room();
    await eve.runs(room, "/k8s", { prompt: "well?", cluster: "main" });
    await stage.shows(room, "could not finish");
    const places = ["standard output and error", "the audit files", "Discord"];
    for (const { name, read } of sinks.filter((one) => places.includes(one.name))) {
      const what = `${planted.name} in ${name}`;
      await stage.discord.until(async () => leaksIn(await read(stage), [planted]).length > 0, { what });
    }
  });
}
