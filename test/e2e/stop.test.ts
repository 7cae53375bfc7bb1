import { describe, expect, it } from "vitest";
import { script, silence } from "../../emulator/agent/script.ts";
import { agent, closedGate, heldAt, tell } from "./story.ts";

describe("stopping", () => {
  it("with the button ends an agent that can be cancelled, and keeps what was written", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees, message, kagent } = await tell({
      agents: [agent("k8s-agent", heldAt(gate), { runtime: "go" })],
    });
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    const place = await thread();
    await ana.clicks(await message(place, "Looking."), "Stop");
    const shown = await sees(place, "⏹️ Stopped. What was written so far is kept.");
    expect(shown).toContain("Looking.");
    expect(shown).toContain("[🔁 Try again]");
    expect(shown).not.toContain("[⏹️ Stop]");
    await sees(ops, "⏹️ stopped");
    expect(kagent.runs()[0]?.task.state()).toMatch(/cancell?ed/i);
    gate.open();
    await ana.says(place, "next");
    await sees(place, "All is well.");
  });

  it("with /stop does the same", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees } = await tell({ agents: [agent("k8s-agent", heldAt(gate))] });
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    const place = await thread();
    await sees(place, "Looking.");
    await ana.runs(place, "/stop");
    await sees(place, "Stopped.", ana);
    await sees(ops, "⏹️ stopped");
    await ana.runs(place, "/stop");
    await sees(place, "Nothing is running here.", ana);
    gate.open();
  });

  it("an agent that cannot be stopped says so, and the next question waits until that run is over", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees, asked, kagent } = await tell({
      agents: [agent("k8s-agent", heldAt(gate), { runtime: "python" })],
    });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(place, "Looking.");
    await ana.runs(place, "/stop");
    await sees(place, "This agent cannot be stopped", ana);
    await sees(place, "The agent could not be stopped, so its run may still be going on.");
    await ana.says(place, "two");
    await sees(place, "waiting: a stopped run is still going on");
    expect(asked()).toEqual(["k8s-agent: one"]);
    gate.open();
    await sees(place, /All is well\.[\s\S]*k8s-agent · \d/);
    expect(asked()).toEqual(["k8s-agent: one", "k8s-agent: two"]);
    expect(new Set(kagent.runs().map((run) => run.contextId)).size).toBe(1);
  });

  it("does not make the next question wait after /new", async () => {
    const gate = closedGate();
    const never = closedGate();
    let first = true;
    const { ana, ops, thread, sees, kagent } = await tell({
      agents: [
        agent("k8s-agent", undefined, {
          runtime: "python",
          answer: () => {
            const held = first ? never : gate;
            first = false;
            return heldAt(held);
          },
        }),
      ],
    });
    gate.open();
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(place, "Looking.");
    await ana.runs(place, "/stop");
    await sees(place, "could not be stopped");
    await ana.says(place, "two");
    await sees(place, "waiting: a stopped run is still going on");
    await ana.runs(place, "/new");
    await sees(place, "All is well.");
    const [one, two] = kagent.runs().map((run) => run.contextId);
    expect(one).not.toBe(two);
    never.open();
  });

  it("leaves the waiting question removable", async () => {
    const never = closedGate();
    const { ana, ops, thread, sees, message, asked } = await tell({
      agents: [agent("k8s-agent", heldAt(never), { runtime: "python" })],
    });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    await sees(place, "Looking.");
    await ana.runs(place, "/stop");
    await sees(place, "could not be stopped");
    await ana.says(place, "two");
    const notice = await message(place, "waiting: a stopped run");
    await ana.runs(place, "/status");
    await sees(place, /Waiting: 1\n\s+1\. two/, ana);
    await ana.clicks(notice, "Remove");
    await sees(place, "✖ removed from the queue");
    expect(asked()).toEqual(["k8s-agent: one"]);
    never.open();
  });

  it("works before the agent said anything", async () => {
    const { ana, ops, thread, sees, asked, hasAsked, kagent } = await tell({
      agents: [agent("k8s-agent", script(silence()))],
    });
    await ana.runs(ops, "/k8s", { prompt: "hello" });
    const place = await thread();
    await hasAsked(1);
    await ana.runs(place, "/stop");
    await sees(place, "Stopped.", ana);
    await sees(ops, "⏹️ stopped");
    expect(kagent.runs()[0]?.task.state()).toMatch(/cancell?ed/i);
    expect(asked()).toEqual(["k8s-agent: hello"]);
  });

  it("by the button of an earlier answer does not stop the next one", async () => {
    const gate = closedGate();
    const { ana, ops, thread, sees, message, discord } = await tell({
      agents: [agent("k8s-agent", heldAt(gate))],
    });
    await ana.runs(ops, "/k8s", { prompt: "one" });
    const place = await thread();
    const first = await message(place, "Looking.");
    const button = discord.world.interactions.size;
    expect(button).toBeGreaterThan(0);
    const stale = { ...first, components: [...first.components] };
    gate.open();
    await sees(ops, "✅ done");
    const next = closedGate();
    await ana.says(place, "two");
    await sees(place, /(All is well\.[\s\S]*){2}/);
    await ana.clicks(stale, "Stop");
    await sees(place, "This is over already.", ana);
    next.open();
  });

  it("is for those who may ask the agent", async () => {
    const gate = closedGate();
    let sre = "";
    const { guild, discord, ops, thread, sees, message } = await tell({
      agents: [agent("k8s-agent", heldAt(gate))],
      furnish: (_discord, home) => {
        sre = home.createRole({ name: "sre" }).id;
      },
      yaml: () => `access:\n  rules:\n    - agents: [k8s-agent]\n      roleIds: ["${sre}"]\n`,
    });
    const role = guild.guild.roles.get(sre);
    const ben = discord.createPerson({ name: "ben", roles: role ? [role] : [] });
    const eve = discord.createPerson({ name: "eve" });
    await ben.runs(ops, "/k8s", { prompt: "hello" });
    const place = await thread();
    await eve.clicks(await message(place, "Looking."), "Stop");
    await sees(place, "Only members of @sre may ask", eve);
    await eve.runs(place, "/stop");
    await sees(place, "Only people who may ask this agent can stop it.", eve);
    await eve.runs(place, "/new");
    await sees(place, "Only people who may ask this agent can make it start afresh.", eve);
    gate.open();
    await sees(place, "All is well.");
  });
});
