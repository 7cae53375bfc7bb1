import { describe, expect, it } from "vitest";
import { fail, say, script } from "../../emulator/agent/script.ts";
import type { Message } from "../../emulator/discord/world/model.ts";
import { agent, sqliteStore, tell } from "./story.ts";

const yaml = () => "discord: { feedback: true }\n";
const customIds = ({ components }: Message) =>
  [...JSON.stringify(components ?? []).matchAll(/"custom_id":"([^"]+)"/g)].map(([, id]) => id);

describe("thumbs under an answer", () => {
  it("are not there unless they are switched on", async () => {
    const { ana, ops, thread, sees, message } = await tell();
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    await sees(ops, "✅ done");
    expect(customIds(await message(await thread(), "heard: why?"))).toEqual([]);
  });

  it("tell kagent what a person thinks, once, and take a change of mind", async () => {
    const { ana, ops, thread, sees, message, kagent, logLines } = await tell({ yaml });
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    await sees(ops, "✅ done");
    const place = await thread();
    const answer = await message(place, "heard: why?");
    await ana.clicks(answer, "👍");
    await sees(place, "Thank you, your 👍 is noted", ana);
    await kagent.until(() => kagent.feedback.length === 1);
    await ana.clicks(answer, "👍");
    await sees(place, "Your 👍 is noted already", ana);
    await ana.clicks(answer, "👎");
    await sees(place, "Your vote is 👎 now", ana);
    await kagent.until(() => kagent.feedback.length === 2);
    const userId = kagent.runs()[0]?.userId;
    expect(kagent.feedback).toEqual([
      { userId, positive: true, text: expect.stringMatching(/^Thumbs up in Discord \(turn [\w-]{12}\)$/) },
      {
        userId,
        positive: false,
        text: expect.stringMatching(/^Thumbs down in Discord, changed \(turn [\w-]{12}\)$/),
      },
    ]);
    expect(logLines.filter((line) => line.includes('"msg":"feedback"'))).toHaveLength(2);
    expect(await sees(place, "heard: why?")).not.toContain("noted");
  });

  it("count for each person, also after a restart", async () => {
    const store = sqliteStore();
    const { ana, ops, thread, sees, message, kagent, discord, startBot, stopBot } = await tell({
      yaml,
      env: () => ({ STORE_URL: store }),
    });
    const ben = discord.createPerson({ name: "ben" });
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    await sees(ops, "✅ done");
    const place = await thread();
    await ana.clicks(await message(place, "heard: why?"), "👎");
    await sees(place, "your 👎 is noted", ana);
    await kagent.until(() => kagent.feedback.length === 1);
    await stopBot();
    await startBot();
    await ana.clicks(await message(place, "heard: why?"), "👎");
    await sees(place, "Your 👎 is noted already", ana);
    await ben.clicks(await message(place, "heard: why?"), "👍");
    await sees(place, "your 👍 is noted", ben);
    await kagent.until(() => kagent.feedback.length === 2);
    expect(kagent.feedback.map((one) => one.positive)).toEqual([false, true]);
  });

  it("are one row, on the last message of an answer, and none under one that failed", async () => {
    const long = Array.from({ length: 120 }, (_, line) => `Line ${line} of a long answer.`).join("\n");
    let first = true;
    const { ana, ops, thread, sees, discord } = await tell({
      yaml,
      agents: [
        agent("k8s-agent", undefined, {
          answer: () => {
            const steps = first ? [say(long)] : [fail("no")];
            first = false;
            return script(...steps);
          },
        }),
      ],
    });
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    await sees(ops, "✅ done");
    const place = await thread();
    const own = discord.messages(place).map(customIds);
    expect(own.length).toBeGreaterThan(2);
    expect(own.map((ids) => ids.length)).toEqual([...own.slice(1).map(() => 0), 2]);
    await ana.says(place, "again");
    await sees(place, "Try again");
    expect(discord.messages(place).flatMap(customIds)).toHaveLength(3);
  });

  it("are noted here where kagent takes no feedback, or cannot be reached", async () => {
    const { ana, ops, thread, sees, message, kagent, logLines, discord } = await tell({ yaml });
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    await sees(ops, "✅ done");
    const place = await thread();
    const answer = await message(place, "heard: why?");
    kagent.fault({ fault: "status", status: 404, text: "404 page not found\n" });
    await ana.clicks(answer, "👍");
    await sees(place, "your 👍 is noted", ana);
    await discord.until(() => logLines.some((line) => line.includes("takes no feedback")));
    kagent.fault({ fault: "status", status: 503, text: "upstream" });
    await ana.clicks(answer, "👎");
    await sees(place, "Your vote is 👎 now", ana);
    const warning = await discord.until(() =>
      logLines.find((line) => line.includes("feedback did not reach kagent")),
    );
    expect(warning).toContain('"level":"warn"');
    expect(kagent.feedback).toEqual([]);
  });

  it("do nothing for somebody who may not ask the agent", async () => {
    let roleId = "";
    const { ops, thread, sees, message, kagent, discord, guild } = await tell({
      furnish: (_discord, on) => {
        roleId = on.createRole({ name: "sre" }).id;
      },
      yaml: () => `${yaml()}access: { rules: [{ roleIds: ["${roleId}"] }] }\n`,
    });
    const role = guild.guild.roles.get(roleId);
    const sam = discord.createPerson({ name: "sam", ...(role ? { roles: [role] } : {}) });
    const eve = discord.createPerson({ name: "eve" });
    await sam.runs(ops, "/k8s", { prompt: "why?" });
    await sees(ops, "✅ done");
    const place = await thread();
    await eve.clicks(await message(place, "heard: why?"), "👍");
    await sees(place, "may ask k8s-agent", eve);
    expect(kagent.feedback).toEqual([]);
  });
});
