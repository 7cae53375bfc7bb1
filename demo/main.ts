import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { demoAgents } from "../emulator/agent/demo-cast.ts";
import type { Channel, Role } from "../emulator/discord/world/model.ts";
import { verifyTrail } from "../src/audit/verify.ts";
import { playPauses } from "./pause-story.ts";
import { asRead, createScreen } from "./screen.ts";
import { type Stage, setStage } from "./stage.ts";
import { playStory } from "./story.ts";
import { talk } from "./talk.ts";

/** Discord's type of the message that stands at the top of a thread for the one it was opened from. */
const THREAD_STARTER = 21;

const { stdout } = process;
const write = (text: string) => {
  stdout.write(text);
};

let mesh: Channel | undefined;
let sre: Role | undefined;
const folder = mkdtempSync(join(tmpdir(), "kagent-discord-demo-"));
const audit = join(folder, "audit");
const stage = await setStage({
  agents: demoAgents(),
  furnish: (_discord, guild) => {
    mesh = guild.createChannel({ name: "mesh" });
    sre = guild.createRole({ name: "sre" });
  },
  yaml: () => `bindings: [{ channelId: "${mesh?.id}", agent: istio-agent }]\n`,
  env: () => ({
    STORE_URL: `sqlite://${join(folder, "store.sqlite")}`,
    AUDIT_DIR: audit,
    APPROVER_ROLES: sre?.id ?? "",
  }),
});
if (!mesh || !sre) throw new Error("the stage has no channel #mesh, or no role @sre");
const ana = stage.discord.createPerson({ name: "ana" });
const ben = stage.discord.createPerson({ name: "ben", roles: [sre] });
const { columns, rows } = stdout.isTTY ? stdout : { columns: undefined, rows: undefined };
const screen = createScreen({ write, world: stage.discord.world, columns, rows });

write(
  "A local Discord, a local kagent, and the real bot between them. The agents replay recorded streams.\n",
);
let findings: readonly string[];
if (process.argv.includes("--talk")) {
  const typedOn = stdout.isTTY && process.stdin.isTTY ? { terminal: stdout } : {};
  await talk({ stage, people: [ana, ben], mesh, screen, write, input: process.stdin, ...typedOn });
  findings = [];
} else {
  const cast = { stage, screen, ana, ben, mesh };
  findings = await playStory(cast)
    .then(async (found) => [...found, ...(await playPauses(cast))])
    .catch((error: unknown) => [String(error)]);
  findings = [...findings, ...stage.errors().map((line) => `the bot logged an error: ${line.trim()}`)];
  write(summary(stage));
  const trail = await verifyTrail([audit], { key: undefined, head: undefined });
  write(`audit trail: ${trail.records} records, ${trail.ok ? "whole" : "BROKEN"}\n`);
  for (const finding of findings) write(`NOT AS IT SHOULD BE: ${finding}\n`);
  write(findings.length === 0 ? "Everything was as it should be.\n" : "");
}
await stage.stop();
rmSync(folder, { recursive: true, force: true });
process.exit(findings.length === 0 ? 0 : 1);

function summary({ discord, kagent, ops }: Stage): string {
  const { creates, edits, threads, typing, tooMany } = discord.counts();
  const waits = firstTexts(discord);
  const mean = waits.reduce((sum, ms) => sum + ms, 0) / Math.max(1, waits.length);
  return [
    "\n=== What #ops shows in the end",
    asRead(discord.transcript(ops)).replaceAll(/^/gm, "  "),
    "\n=== Summary",
    `turns ${kagent.runs().length} · messages ${creates} · edits ${edits} · threads ${threads} · typing ${typing}`,
    `429s ${tooMany} · time to first text ${Math.round(mean)} ms on average (the agent's own thinking included)`,
    "",
  ].join("\n");
}

/** For each thread: milliseconds from its opening to the bot's first message in it. */
function firstTexts(discord: Stage["discord"]): readonly number[] {
  const threads = [...discord.world.channels.values()].filter((channel) => channel.thread);
  return threads.flatMap((thread) => {
    const said = [...thread.messages.values()].filter((message) => message.type !== THREAD_STARTER);
    const first = said.find((message) => message.author.id === discord.botId);
    return first && thread.thread ? [first.createdAt - thread.thread.createdAt] : [];
  });
}
