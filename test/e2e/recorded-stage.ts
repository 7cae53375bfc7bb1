import type { AgentDefinition } from "../../emulator/agent/agent.ts";
import { createRecordings } from "../../emulator/agent/recordings.ts";
import type { Channel } from "../../emulator/discord/world/model.ts";
import type { Clock } from "../../src/conversation/ports.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { type Story, tell } from "./story.ts";

export const recordings = createRecordings();

/** Every recorded runtime and way to it that this client can meet. */
export const recordedFolders = recordings
  .folders()
  // The header that asks a released controller for 1.0 is never sent by this client.
  .filter((folder) => !folder.endsWith("/v1") && folder !== "go-main-a2a1/head");

/** Recordings made at a runtime's own process speak as that process does; the others as their controller. */
function surfaceOf(folder: string): "controller" | "process" {
  return folder.startsWith("controller-") ? "controller" : "process";
}

function agentOf(folder: string): AgentDefinition {
  const { protocol } = recordings.read(folder, recordings.names(folder)[0] ?? "");
  return {
    name: "k8s-agent",
    description: "replays what was recorded",
    speed: 0,
    speaks: surfaceOf(folder) === "process" ? protocol : "0.3",
    answer: ({ text }) => recordings.read(folder, text.trim()),
  };
}

/** Limits that hold nobody up: these stories are about what is shown, not when. */
const MANY = { limit: 5_000, perMs: 5_000 };
/** So much faster a second passes for the bot, and for Discord's limit over all channels. */
const HASTE = 5;

/** A stage whose agent answers with what this folder recorded: the prompt names the case. */
export async function recordedStage(folder: string): Promise<Story> {
  const surface = surfaceOf(folder);
  const clock = hastyClock();
  const story = await tell({
    clock,
    agents: [agentOf(folder)],
    kagent: { surface },
    discord: {
      limits: {
        global: { limit: 50, perMs: 1_000 / HASTE },
        buckets: { create: MANY, edit: MANY, threads: MANY, typing: MANY },
      },
    },
    env: ({ kagent }) =>
      surface === "process" ? { KAGENT_BASE_URL: "", KAGENT_A2A_URL: `${kagent.url}/` } : {},
  });
  clock.hasten();
  return story;
}

/** The real clock until it is told to hasten: a start has its time, however busy the machine is. */
function hastyClock(): Clock & { hasten(): void } {
  let [start, since, rate] = [0, 0, 1];
  const now = () => start + (Date.now() - since) * rate;
  return {
    now,
    sleep: (ms, signal) => systemClock.sleep(ms / rate, signal),
    hasten() {
      [start, since, rate] = [now(), Date.now(), HASTE];
    },
  };
}

/** Asks one recorded case in a thread of its own. */
export async function askRecorded(
  { discord, ops, ana }: Story,
  folder: string,
  name: string,
): Promise<Channel> {
  const before = discord.threads(ops).length;
  await ana.runs(ops, surfaceOf(folder) === "process" ? "/agent" : "/k8s", { prompt: name });
  return discord.until(() => discord.threads(ops)[before], { what: `a thread for ${name}` });
}

/** How many turns are over. */
export function turnsOver({ logLines }: Story): number {
  return logLines.filter((line) => line.includes('"turn over"')).length;
}
