import { describe, expect, it, onTestFinished } from "vitest";
import { delegate, pause, type Script, say } from "../../emulator/agent/script.ts";
import { operation } from "../../emulator/agent/tool-call.ts";
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
    const { boss, discord, place, control, sees, kagent } = await paused(nested(runtime, twice), "");
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
    expect(kagent.toolRuns.map(({ args }) => args.release)).toEqual(["shop"]);
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
  it("Python 1.0.0a1: what became of a sub-agent's operation is said plainly", async () => {
    const [runtime] = runtimes.filter(({ name }) => name === "python 1.0");
    if (!runtime) throw new Error("no runtime");
    const { boss, place, control, sees, kagent } = await paused(nested(runtime, once), "");
    await boss.clicks(await control("Approve"), "Approve");
    const shown = await sees(place, /k8s-agent · \d/);
    expect(kagent.toolRuns).toEqual([]);
    expect(shown).toMatch(/1\.0\.0a1|upgrade|cannot|version/i);
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
    expect(kagent.toolRuns).toEqual([]);
  });
});
