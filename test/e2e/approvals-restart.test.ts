import { describe, expect, it, onTestFinished } from "vitest";
import { pause, type Script, say } from "../../emulator/agent/script.ts";
import type { OutboxRow } from "../../src/conversation/approval-row.ts";
import { readApprovalRow, readOutboxRow } from "../../src/store/approval-rows.ts";
import { openStore } from "../../src/store/open.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { silentLog } from "../silent-log.ts";
import { type JumpingClock, jumpingClock, paused, scaler, scaling } from "./pausing.ts";
import { agent, closedGate, sqliteStore } from "./story.ts";

/** What a killed process left in the store: its decision on the only pause that waits. */
async function leave(url: string, outbox: Pick<OutboxRow, "state"> & Partial<OutboxRow>): Promise<void> {
  const store = await openStore(url, { clock: systemClock, log: silentLog });
  const [row] = await store.collection("approval", readApprovalRow).list("");
  const verdicts = row?.value.request.items.map(({ id }) => ({ itemId: id, approved: true })) ?? [];
  const decidedAt = Date.now();
  await store.collection("decision", readOutboxRow).claim(row?.key ?? "", {
    decision: { verdicts },
    by: "people",
    decidedAt,
    attempts: 0,
    ...outbox,
  });
  await store.close();
}

const sent = { attempts: 1, owner: "killed", recorded: true, sentAt: Date.now() } as const;
const sending = { ...sent, state: "sending" } as const;

/** Lets the bot's time pass, until the story is over. */
function hurry(clock: JumpingClock): void {
  const timer = setInterval(() => clock.advance(5_000), 50);
  onTestFinished(() => clearInterval(timer));
}

describe.each(["go", "python"] as const)("after a restart of the bot, the card of a %s agent", (runtime) => {
  const begin = async () => {
    const url = sqliteStore();
    const clock = jumpingClock();
    const agents = [scaler({ runtime })];
    return { url, clock, ...(await paused({ clock, agents, env: () => ({ STORE_URL: url }) })) };
  };

  it("still decides, in the messages of before", async () => {
    const { boss, place, control, sees, hasDecided, stopBot, startBot, discord, ops } = await begin();
    const before = discord.messages(place).length;
    await stopBot();
    await startBot();
    await boss.clicks(await control("Approve"), "Approve");
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown.match(/Decided: scaled to 4\./g)).toHaveLength(1);
    expect(shown.match(/wanted to run/g)).toHaveLength(1);
    expect(discord.messages(place)).toHaveLength(before + 1);
    expect(await hasDecided(1)).toEqual(["approved"]);
    await sees(ops, "✅ done");
  });

  it("is sent when the process died between the click and the request", async () => {
    const { url, place, sees, hasDecided, stopBot, startBot, kagent } = await begin();
    await stopBot();
    await leave(url, { state: "decided" });
    await startBot();
    await sees(place, "Decided: scaled to 4.");
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(kagent.toolRuns).toHaveLength(1);
  });

  it("is not sent again when the process died after the agent had taken the decision", async () => {
    const { url, place, sees, hasDecided, stopBot, startBot, kagent } = await begin();
    await stopBot();
    await leave(url, sending);
    kagent.agent("k8s-agent").decideElsewhere(kagent.runs()[0]?.taskId ?? "", { approved: true });
    await startBot();
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown.match(/Decided: scaled to 4\./g)).toHaveLength(1);
    expect(shown).toContain("**Approved**");
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(kagent.decisions.map(({ from }) => from)).toEqual(["elsewhere"]);
  });

  it(`${runtime === "go" ? "is sent again" : "asks people to look"} when the process died and nothing had arrived`, async () => {
    const { url, clock, boss, place, control, sees, hasDecided, stopBot, startBot, kagent } = await begin();
    await stopBot();
    await leave(url, sending);
    await startBot();
    hurry(clock);
    if (runtime === "python") {
      await sees(place, "It is not known whether the decision arrived");
      expect(kagent.decisions).toEqual([]);
      await boss.clicks(await control("Send again"), "Send again");
    }
    await sees(place, "Decided: scaled to 4.");
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(kagent.toolRuns).toHaveLength(1);
  });

  it("stays decided when the process died before it showed what followed", async () => {
    const url = sqliteStore();
    const gate = closedGate();
    const held: Script = async function* () {
      const reply = yield pause("", scaling());
      yield say("I go on.");
      await gate.opened;
      yield say(` Decided: ${reply?.decided?.[0]?.result}.`);
    };
    const story = await paused({
      agents: [agent("k8s-agent", held, { runtime })],
      env: () => ({ STORE_URL: url }),
    });
    const { boss, place, control, sees, hasDecided, stopBot, startBot, kagent } = story;
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "I go on.");
    await stopBot();
    gate.open();
    await startBot();
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown.match(/I go on\. Decided: scaled to 4\./g)).toHaveLength(1);
    expect(shown.match(/I go on/g)).toHaveLength(1);
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(kagent.toolRuns).toHaveLength(1);
  });
});

describe("a decision of which nobody knows whether it arrived", () => {
  const begin = async () => {
    const url = sqliteStore();
    const clock = jumpingClock();
    const agents = [scaler({ runtime: "python" })];
    const story = await paused({ clock, agents, env: () => ({ STORE_URL: url }) });
    await story.stopBot();
    await leave(url, { ...sending, state: "doubtful" });
    await story.startBot();
    return { clock, ...story };
  };

  it("waits over a restart for somebody who looks, and is sent once however often that is pressed", async () => {
    const { boss, place, control, sees, hasDecided, kagent } = await begin();
    const card = await control("Send again");
    await Promise.all([boss.clicks(card, "Send again"), boss.clicks(card, "Send again")]);
    await sees(place, /k8s-agent · .* tool/);
    expect(await hasDecided(1)).toEqual(["approved"]);
    expect(kagent.toolRuns).toHaveLength(1);
  });

  it("is known to have arrived once its task moves", async () => {
    const { clock, place, control, sees, kagent } = await begin();
    await control("Send again");
    kagent.agent("k8s-agent").decideElsewhere(kagent.runs()[0]?.taskId ?? "", { approved: true });
    hurry(clock);
    const shown = await sees(place, /k8s-agent · .* tool/);
    expect(shown).toContain("**Approved**");
    expect(shown).not.toContain("[Send again]");
    expect(kagent.toolRuns).toHaveLength(1);
  });
});
