import { describe, expect, it, onTestFinished } from "vitest";
import { askUser } from "../../emulator/agent/tool-call.ts";
import type { Role } from "../../emulator/discord/world/model.ts";
import { type JumpingClock, jumpingClock, paused, runtimes, scaler } from "./pausing.ts";
import { sqliteStore } from "./story.ts";

const MINUTE = 60_000;

/** Lets the bot's time pass quickly, until the story is over. */
function hurry(clock: JumpingClock, step = 5_000): void {
  const timer = setInterval(() => clock.advance(step), 25);
  onTestFinished(() => clearInterval(timer));
}

describe.each(runtimes)("a request of a $name agent that nobody decides", (runtime) => {
  const options = (calls?: Parameters<typeof scaler>[1]) => ({
    agents: [scaler(runtime.agent, calls)],
    kagent: runtime.kagent,
    yaml: () => "approvals:\n  expiresAfterMinutes: 30\n",
  });

  it("is rejected with that reason when it expires, and the agent goes on", async () => {
    const clock = jumpingClock();
    const story = await paused({ ...options(), clock });
    const { boss, place, sees, control, hasDecided, kagent } = story;
    const card = await control("Approve");
    const reads = () => kagent.requests.filter(({ rpc }) => /get/i.test(rpc?.method ?? "")).length;
    const before = reads();
    clock.advance(28 * MINUTE);
    hurry(clock, 4_000);
    await story.discord.until(() => reads() > before, { what: "a look at the task" });
    expect(kagent.decisions).toEqual([]);
    expect(story.discord.messageText(card)).toContain("[Approve]");
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown).toContain("**Expired**");
    expect(shown).toContain("No decision within 30 minutes.");
    expect(await hasDecided(1)).toEqual(["rejected"]);
    expect(kagent.toolRuns).toEqual([]);
    await expect(boss.clicks(card, "Approve")).rejects.toThrow("is not there");
  });

  it("expires in time although the bot was down then", async () => {
    const clock = jumpingClock();
    const url = sqliteStore();
    const env = () => ({ STORE_URL: url });
    const { place, sees, hasDecided, startBot, stopBot } = await paused({ ...options(), clock, env });
    await stopBot();
    clock.advance(45 * MINUTE);
    await startBot();
    hurry(clock, 1_000);
    await sees(place, "**Expired**");
    expect(await hasDecided(1)).toEqual(["rejected"]);
  });

  it("is answered with the expiry where it is a question", async () => {
    const clock = jumpingClock();
    const { place, sees, hasDecided, kagent } = await paused(
      { ...options([askUser([{ question: "Where?", choices: ["dev", "prod"] }])]), clock },
      "prod",
    );
    clock.advance(31 * MINUTE);
    hurry(clock);
    await sees(place, /k8s-agent · .* tool/);
    const [did] = await hasDecided(1);
    expect(did).toBe(runtime.name.endsWith("1.0") ? "answered" : "rejected");
    if (did === "answered") expect(kagent.decisions[0]?.body).toContain("(no answer: expired)");
  });

  it("is told when it was decided in kagent itself", async () => {
    const clock = jumpingClock();
    const { place, sees, kagent } = await paused({ ...options(), clock });
    kagent.agent("k8s-agent").decideElsewhere(kagent.runs()[0]?.taskId ?? "", { approved: true });
    clock.advance(MINUTE);
    hurry(clock, 1_000);
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown).toContain("**Decided elsewhere:**");
    expect(shown).toContain("Decided: scaled to 4.");
    expect(shown).not.toContain("[Approve]");
    expect(kagent.decisions.map(({ from }) => from)).toEqual(["elsewhere"]);
  });

  it("is told so at the click, when it was decided elsewhere a moment before", async () => {
    const { boss, place, control, sees, kagent } = await paused(options());
    kagent.agent("k8s-agent").decideElsewhere(kagent.runs()[0]?.taskId ?? "", { approved: false });
    await boss.clicks(await control("Approve"), "Approve");
    const shown = await sees(place, "**Decided elsewhere:**");
    expect(shown).not.toContain("**Approved**");
    expect(kagent.toolRuns).toEqual([]);
    expect(kagent.decisions.map(({ from }) => from)).toEqual(["elsewhere"]);
  });
});

describe.each(runtimes)("a decision for a $name agent that is away", (runtime) => {
  const options = () => ({ agents: [scaler(runtime.agent)], kagent: runtime.kagent });

  it("is kept, shown as such, and sent once when the agent is back", async () => {
    const clock = jumpingClock();
    const { boss, place, control, sees, hasDecided, kagent } = await paused({ ...options(), clock });
    kagent.agent("k8s-agent").down();
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "the decision will be sent when the agent is back");
    hurry(clock, 1_000);
    kagent.agent("k8s-agent").up();
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown).toContain("Decided: scaled to 4.");
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(kagent.toolRuns).toHaveLength(1);
  });

  it("is kept over a restart of the bot", async () => {
    const url = sqliteStore();
    const clock = jumpingClock();
    const story = await paused({ ...options(), clock, env: () => ({ STORE_URL: url }) });
    const { boss, place, control, sees, hasDecided, kagent, stopBot, startBot } = story;
    kagent.agent("k8s-agent").down();
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "the decision will be sent when the agent is back");
    await stopBot();
    kagent.agent("k8s-agent").up();
    await startBot();
    hurry(clock, 500);
    await sees(place, "Decided: scaled to 4.");
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(kagent.toolRuns).toHaveLength(1);
  });

  it("is not good any more when the agent comes back after the expiry", async () => {
    const clock = jumpingClock();
    const { boss, place, control, sees, hasDecided, kagent } = await paused({
      ...options(),
      clock,
      yaml: () => "approvals:\n  expiresAfterMinutes: 30\n",
    });
    kagent.agent("k8s-agent").down();
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "the decision will be sent when the agent is back");
    clock.advance(31 * MINUTE);
    hurry(clock, 1_000);
    kagent.agent("k8s-agent").up();
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown).toContain("**Expired**");
    expect(await hasDecided(1)).toEqual(["rejected"]);
    expect(kagent.toolRuns).toEqual([]);
  });
});

describe("the approvals channel", () => {
  it("hears of a request, is reminded once with a ping, and hears that it is over", async () => {
    const clock = jumpingClock();
    const roles: Role[] = [];
    const channels: string[] = [];
    const story = await paused({
      clock,
      furnish: (_, guild) => {
        roles.push(guild.createRole({ name: "sre", mentionable: true }));
        channels.push(guild.createChannel({ name: "approvals" }).id);
      },
      yaml: () =>
        `approvals:\n  channelId: "${channels[0]}"\n  remindAfterMinutes: 10\n  rules:\n    - roleIds: ["${roles[0]?.id}"]\n`,
    });
    const { discord, place, sees, control } = story;
    const news = discord.world.channels.get(channels[0] ?? "");
    if (!news) throw new Error("no channel");
    await sees(news, "k8s-agent");
    const pings = () => discord.messages(news).filter(({ mentions }) => mentions.roleIds.length > 0);
    expect(pings()).toEqual([]);
    clock.advance(11 * MINUTE);
    hurry(clock, 1_000);
    await discord.until(() => pings().length > 0, { what: "a reminder" });
    const sam = discord.createPerson({ name: "sam", roles });
    await sam.clicks(await control("Approve"), "Approve");
    await sees(place, "approved by sam");
    await sees(news, /approved|decided|over/i);
    expect(pings()).toHaveLength(1);
  });
});

describe("/approvals", () => {
  it("lists what waits and this person may decide, with links, and nothing else", async () => {
    const story = await paused();
    const { boss, discord, ops, place, reads, control, sees } = story;
    const eve = discord.createPerson({ name: "eve" });
    await boss.runs(ops, "/approvals");
    await reads(boss, "One request waits for you", ops);
    await reads(boss, `/${place.id}/`, ops);
    await eve.runs(ops, "/approvals");
    await reads(eve, "Nothing waits for you.", ops);
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "approved by boss");
    await boss.runs(ops, "/approvals");
    await reads(boss, "Nothing waits for you.", ops);
  });
});
