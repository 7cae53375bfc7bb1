import { existsSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { startKagent } from "../../emulator/agent/kagent.ts";
import { startDiscord } from "../../emulator/discord/discord.ts";
import { records, startProcess } from "../cli/bot-process.ts";
import { agent } from "../e2e/story.ts";
import { needsSqlite } from "../needs.ts";
import { rendered } from "./chart.ts";
import { createPod } from "./pod.ts";

/** A rendering's process, with the files and variables that its pod has, between a local Discord and a local kagent. */
async function startRendering(tool: "helm" | "kustomize", name: string) {
  const root = mkdtempSync(join(tmpdir(), "pod-"));
  const discord = await startDiscord();
  const kagent = await startKagent({ agents: [agent("k8s-agent")] });
  discord.createGuild({ name: "acme" }).createChannel({ name: "ops" });
  const pod = createPod(rendered(tool, name), {
    root,
    secret: { "discord-bot-token": `${discord.token}\n` },
    replace: ["http://kagent-controller.kagent:8083", kagent.url],
  });
  // Not the pod's own: where Discord is, and a port that is free.
  const env = { ...pod.env, HTTP_PORT: "0", DISCORD_API_URL: discord.apiUrl };
  const process = startProcess(pod.args, env);
  onTestFinished(async () => {
    process.send("SIGKILL");
    await process.ended;
    await kagent.stop();
    await discord.stop();
    rmSync(root, { recursive: true });
  });
  await process.writes('"msg":"ready"');
  const port = records(process.output()).find(({ port }) => port !== undefined)?.port;
  return { ...pod, root, process, ask: (path: string) => fetch(`http://127.0.0.1:${port}${path}`) };
}

describe.each([
  ["helm", "default", ["audit", "kagent-discord.sqlite"]],
  ["kustomize", "dev", []],
] as const)("the pod of %s's %s rendering", (tool, name, kept) => {
  it("starts with its files and variables alone, answers its probes, and ends with 0", async ({ skip }) => {
    if (kept.length > 0) needsSqlite(skip);
    const pod = await startRendering(tool, name);
    expect(pod.env.DISCORD_BOT_TOKEN).toBeUndefined();
    for (const path of [...pod.probes, "/metrics"])
      expect({ path, status: (await pod.ask(path)).status }).toEqual({ path, status: 200 });
    pod.process.send("SIGTERM");
    expect(await pod.process.ended).toEqual({ code: 0, signal: null });
    const volume = join(pod.root, "var/lib/kagent-discord");
    expect(existsSync(volume) ? readdirSync(volume).sort() : []).toEqual(kept);
  });
});
