import { describe, expect, it, onTestFinished } from "vitest";
import { delegate, pause, type Script, say, script } from "../../emulator/agent/script.ts";
import { operation } from "../../emulator/agent/tool-call.ts";
import type { Role } from "../../emulator/discord/world/model.ts";
import { jumpingClock, paused, runtimes, scaling } from "./pausing.ts";
import { agent } from "./story.ts";

type Runtime = (typeof runtimes)[number];

const upgrade = (release: string) =>
  operation("helm_upgrade", { release }, { output: `upgraded ${release}` });

/** Lets `helm-agent` work, and says what it came to. */
const caller: Script = function* () {
  yield say("I ask the helm agent.");
  const reply = yield delegate("helm-agent", "upgrade it");
  yield say(`The helm agent said: ${reply?.decided?.[0]?.result}`);
};

const once: Script = function* () {
  const reply = yield pause("", upgrade("shop"));
  yield say(`Helm: ${reply?.decided?.[0]?.result}.`);
};

const twice: Script = function* () {
  for (const release of ["shop", "payments"]) {
    const reply = yield pause("", upgrade(release));
    yield say(`Helm: ${reply?.decided?.[0]?.result}.`);
  }
};

const batch: Script = function* () {
  const reply = yield pause("", [upgrade("shop"), upgrade("payments")]);
  yield say(`Helm: ${reply?.decided?.map(({ result }) => result).join("; ")}.`);
};

const nested = (runtime: Runtime, child: Script, more: object = {}) => ({
  kagent: runtime.kagent,
  agents: [
    agent("k8s-agent", caller, { ...runtime.agent, ...more }),
    agent("helm-agent", child, { ...runtime.agent, ...more }),
  ],
});

/** Nested decisions fail on Python 1.0.0a1, whatever they are. */
const working = runtimes.filter(({ name }) => name !== "python 1.0");

describe.each(working)("an operation of a sub-agent of a $name agent", (runtime) => {
  it("is shown as what the sub-agent would run, and approved once", async () => {
    const story = await paused(nested(runtime, once), "");
    const { boss, place, control, sees, kagent } = story;
    const shown = await sees(place, "[Approve]");
    expect(shown).toContain("`helm_upgrade`");
    expect(shown).toMatch(/via `kagent\/helm-agent`|via .*helm-agent/);
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "The helm agent said: Helm: upgraded shop.");
    await sees(place, "approved by boss");
    expect(kagent.toolRuns.map(({ tool }) => tool)).toEqual(["helm_upgrade"]);
    expect(kagent.agent("k8s-agent").decisions.map(({ did }) => did)).toEqual(["approved"]);
  });

  it("is rejected once, and the sub-agent waits for nothing afterwards", async () => {
    const { boss, discord, place, control, sees, kagent } = await paused(nested(runtime, once), "");
    await boss.clicks(await control("Reject"), "Reject");
    await sees(place, "rejected by boss");
    const child = () => kagent.runs().find((run) => run.agent === "helm-agent");
    await discord.until(() => child()?.task.state() === "completed", { what: "the end of the child" });
    expect(kagent.toolRuns).toEqual([]);
    // Go's caller fails with the rejection; what the sub-agent itself says follows below.
    await sees(place, /Helm: /);
  });

  it("waits on a card of its own when the sub-agent pauses a second time", async () => {
    const story = await paused(nested(runtime, twice), "");
    const { boss, discord, place, control, sees, kagent } = story;
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "approved by boss");
    const second = await discord.until(
      () =>
        discord.messages(place).find((one) => {
          const text = discord.messageText(one);
          return text.includes("[Approve]") && text.includes("payments");
        }),
      { what: "the second card" },
    );
    expect(discord.messageText(second)).toContain("**helm-agent**");
    const link = /asked by ana \(\[prompt\]\(([^)]+)\)\)/;
    const [first] = discord.messages(place).filter((one) => link.test(discord.messageText(one)));
    expect(first && link.exec(discord.messageText(first))?.[1]).toContain(story.ops.id);
    expect(link.exec(discord.messageText(second))?.[1]).toBe(
      first && link.exec(discord.messageText(first))?.[1],
    );
    await boss.clicks(second, "Approve");
    await sees(place, "Helm: upgraded payments.");
    expect(kagent.toolRuns.map(({ args }) => args.release)).toEqual(["shop", "payments"]);
    expect(kagent.runs().map((run) => run.task.state())).toEqual(["completed", "completed"]);
  });

  it("and its siblings are decided each as people said, and leave nothing waiting", async () => {
    const story = await paused(nested(runtime, batch), "Decide one by one");
    const { boss, discord, place, control, sees, hers, kagent } = story;
    await boss.clicks(await control("Decide one by one"), "Decide one by one");
    const step = await hers(boss, "1 of 2");
    await boss.clicks(step, "Approve");
    await hers(boss, "2 of 2");
    await boss.clicks(step, "Reject");
    await sees(place, "rejected by boss");
    const child = () => kagent.runs().find((run) => run.agent === "helm-agent");
    await discord.until(() => child()?.task.state() === "completed", { what: "the end of the child" });
    await sees(place, /Helm: /);
    const shown = await sees(place, /helm-agent · \d|k8s-agent · \d/);
    expect(shown).not.toMatch(/by rule/);
    expect(kagent.toolRuns.map(({ args }) => args.release)).toEqual(["shop"]);
  });

  it("takes the reason of a rejection to the sub-agent, and shows whose it was", async () => {
    const { boss, discord, place, control, sees, kagent } = await paused(nested(runtime, once), "");
    const click = await boss.clicks(await control("Reject with reason…"), "Reject with reason…");
    await boss.submits(await click.modal(), { Reason: "not on a Friday" });
    const child = () => kagent.runs().find((run) => run.agent === "helm-agent");
    await discord.until(() => child()?.task.state() === "completed", { what: "the end of the child" });
    const shown = await sees(place, /Helm: .*not on a Friday/);
    expect(shown).not.toContain("by rule");
    const rejections = shown.match(/❌ rejected by boss/g) ?? [];
    expect(rejections).toHaveLength(runtime.name.startsWith("go") ? 2 : 1);
  });
});

describe("who asked the caller", () => {
  it("may not approve what its sub-agent wants afterwards, whoever of them it was", async () => {
    const roles: Role[] = [];
    const story = await paused(
      {
        agents: [
          agent("k8s-agent", undefined, {
            answer: ({ text }) => (text.includes("go on") ? caller : script(say("Shall I go on?"))),
          }),
          agent("helm-agent", twice),
        ],
        furnish: (_, guild) => {
          roles.push(guild.createRole({ name: "sre" }));
        },
        yaml: () => `approvals:\n  rules:\n    - roleIds: ["${roles[0]?.id}"]\n`,
      },
      "",
      ({ guild, ana }) => guild.setRoles(ana, roles),
    );
    const { ana, discord, place, ops, control, sees, reads } = story;
    await sees(ops, "✅ done");
    const sam = discord.createPerson({ name: "sam", roles });
    const kim = discord.createPerson({ name: "kim", roles });
    await sam.says(place, "@bot go on");
    await kim.clicks(await control("Approve"), "Approve");
    const second = await discord.until(
      () =>
        discord.messages(place).find((one) => {
          const text = discord.messageText(one);
          return text.includes("[Approve]") && text.includes("**helm-agent**");
        }),
      { what: "the sub-agent's own card" },
    );
    for (const asker of [sam, ana]) {
      await asker.clicks(second, "Approve");
      await reads(asker, "You prompted in this conversation");
    }
    await kim.clicks(second, "Approve");
    await sees(place, "Helm: upgraded payments.");
  });
});

describe.each(working)("a sub-agent's second pause that nobody decides, of a $name agent", (runtime) => {
  it("is rejected at its expiry", async () => {
    const clock = jumpingClock();
    const story = await paused(
      { ...nested(runtime, twice), clock, yaml: () => "approvals:\n  expiresAfterMinutes: 30\n" },
      "",
    );
    const { boss, discord, place, control, sees, kagent } = story;
    await boss.clicks(await control("Approve"), "Approve");
    await discord.until(() =>
      discord.messages(place).find((one) => {
        const text = discord.messageText(one);
        return text.includes("[Approve]") && text.includes("payments");
      }),
    );
    clock.advance(31 * 60_000);
    const timer = setInterval(() => clock.advance(5_000), 25);
    onTestFinished(() => clearInterval(timer));
    await sees(place, "**Expired**");
    const child = () => kagent.runs().find((run) => run.agent === "helm-agent");
    await discord.until(() => child()?.task.state() === "completed", { what: "the end of the child" });
    expect(kagent.toolRuns.map(({ args }) => args.release)).toEqual(["shop"]);
  });
});

describe("runtimes that cannot carry a decision", () => {
  it("Python 1.0.0a1: the card says that its agent could not hand it on, and the sub-agent gets it directly", async () => {
    const [runtime] = runtimes.filter(({ name }) => name === "python 1.0");
    if (!runtime) throw new Error("no runtime");
    const { boss, place, control, sees, kagent } = await paused(nested(runtime, once), "");
    await boss.clicks(await control("Approve"), "Approve");
    const shown = await sees(place, /⚠️ \*\*k8s-agent\*\* wanted to run `helm_upgrade`/);
    expect(shown).toContain("The agent could not take this decision.");
    expect(shown).toContain("cannot hand decisions on to other agents");
    const below = await sees(place, /helm-agent · \d/);
    expect(below).toContain("✅ **helm-agent** wanted to run `helm_upgrade`");
    expect(below.indexOf("Helm: upgraded shop.")).toBeGreaterThan(below.indexOf("could not take"));
    expect(kagent.toolRuns.map(({ tool }) => tool)).toEqual(["helm_upgrade"]);
  });

  it("Python 0.10.0: every decision fails, and people read which version works", async () => {
    const { boss, place, control, sees, kagent } = await paused({
      agents: [
        agent(
          "k8s-agent",
          function* () {
            yield pause("", scaling());
          },
          { runtime: "python", release: "0.10.0" },
        ),
      ],
    });
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "0.10.4 or later");
    await sees(place, "The agent could not take this decision.");
    expect(kagent.toolRuns).toEqual([]);
  });
});
