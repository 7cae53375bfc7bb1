import { PassThrough } from "node:stream";
import { it, onTestFinished } from "vitest";
import { createScreen } from "../../demo/screen.ts";
import { type Stage, setStage } from "../../demo/stage.ts";
import { talk } from "../../demo/talk.ts";
import type { AgentDefinition } from "../../emulator/agent/agent.ts";
import { pause, say, wait } from "../../emulator/agent/script.ts";
import { operation } from "../../emulator/agent/tool-call.ts";
import type { Role } from "../../emulator/discord/world/model.ts";
import { agent, closedGate, heldAt, roomy } from "../e2e/story.ts";

/** Somebody at the keyboard: `types` sends lines, `reads` waits until the newest output shows something. */
async function sitDown(agents: readonly AgentDefinition[]) {
  let sre: Role | undefined;
  const stage: Stage = await setStage({
    agents,
    discord: roomy,
    furnish: (_discord, guild) => {
      sre = guild.createRole({ name: "sre" });
    },
    env: () => ({ APPROVER_ROLES: sre?.id ?? "" }),
  });
  const { discord, ops } = stage;
  const input = new PassThrough();
  let output = "";
  const write = (text: string) => {
    output += text;
  };
  const screen = createScreen({ write, world: discord.world, columns: undefined, rows: undefined });
  const people = [discord.createPerson({ name: "ana" })];
  const ended = talk({ stage, people, mesh: ops, screen, write, input });
  onTestFinished(async () => {
    input.end(":quit\n");
    await ended;
    await stage.stop();
  });
  let read = 0;
  return {
    stage,
    types: (...lines: readonly string[]) => input.write(lines.map((line) => `${line}\n`).join("")),
    async reads(what: string): Promise<void> {
      const at = await discord.until(() => output.indexOf(what, read) + 1, { what });
      read = at;
    },
  };
}

it("a line that is typed while an agent answers is done at once: Stop, and a question that waits", async () => {
  const gate = closedGate();
  const { types, reads, stage } = await sitDown([agent("k8s-agent", heldAt(gate))]);
  types("/k8s watch");
  const thread = await stage.discord.until(() => stage.discord.threads(stage.ops)[0], { what: "a thread" });
  const sees = (text: string) =>
    stage.discord.until(() => stage.discord.transcript(thread).includes(text), { what: text });
  await sees("[⏹️ Stop]");
  types("and then?");
  await sees("queued · position 1");
  types(":click Remove");
  await sees("removed from the queue");
  types(":click Stop");
  await reads("⏹️ Stopped.");
  gate.open();
});

it("lines that are there already wait for the end of each answer, however long it is silent", async () => {
  const slow = agent("k8s-agent", function* ({ text }) {
    yield wait(2_000);
    yield say(`heard: ${text}`);
  });
  const { types, reads } = await sitDown([slow]);
  types("/k8s one", "two");
  await reads("heard: one");
  await reads("> two");
  await reads("heard: two");
});

it("buttons, forms and roles are those of the person who one is at the moment", async () => {
  const scaler = agent("k8s-agent", function* () {
    const reply = yield pause("", operation("k8s_scale", { replicas: 4 }, { output: "scaled" }));
    yield say(`they said: ${reply?.decided?.[0]?.reason}`);
  });
  const { types, reads } = await sitDown([{ ...scaler, gatedTools: ["k8s_scale"] }]);
  types("/k8s scale", ":click Approve");
  await reads("Only @sre may decide this");
  types(":as ben sre", ":click Reject with reason…");
  await reads("  Reason: …");
  types(":fill not today");
  await reads("they said: not today");
  types(":click Nothing", ":select nothing", ":fill nothing", ":nothing");
  await reads('"Nothing" is not there');
  await reads("no select here offers nothing");
  await reads("no form is open");
  await reads("I do not know :nothing");
});
