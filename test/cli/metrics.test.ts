import { expect, it } from "vitest";
import { agent } from "../e2e/story.ts";
import { operate } from "./operating.ts";

it("what people do and what it costs is in the metrics, with nothing that names them", async () => {
  const { answers, ask, ana, ops, guild, discord, figure } = await operate();
  await answers("/readyz", 200);
  await ana.runs(ops, "/k8s", { prompt: "a secret question" });
  const shows = (text: string) => discord.transcript(discord.threads(ops)[0] ?? ops).includes(text);
  await discord.until(() => shows("heard: a secret question"));
  const ended = 'turns_total{agent="kagent/k8s-agent",cluster="default",outcome="completed"}';
  await discord.until(async () => (await figure(ended)) === 1, { what: "the turn in the metrics" });
  const { text } = await ask("/metrics");
  const lines = text.split("\n").filter((line) => line.startsWith("kagent_discord_"));
  const has = (pattern: RegExp) =>
    expect(
      lines.some((line) => pattern.test(line)),
      String(pattern),
    ).toBe(true);
  has(/^kagent_discord_turns_total\{.*\} 1 # \{trace_id="[\da-f]{32}"\}/);
  has(/^kagent_discord_turn_first_text_seconds_count\{agent="kagent\/k8s-agent",cluster="default"\} 1$/);
  has(/^kagent_discord_interactions_total\{kind="command"\} 1$/);
  has(/^kagent_discord_interaction_ack_seconds_count\{kind="command"\} 1$/);
  has(
    /^kagent_discord_a2a_requests_total\{agent="kagent\/k8s-agent",cluster="default",method="stream",result="ok"\} 1\b/,
  );
  has(
    /^kagent_discord_discord_requests_total\{route="POST \/interactions\/:id\/:token\/callback",status="200"\} 1$/,
  );
  has(/^kagent_discord_discord_requests_total\{route="POST \/channels\/:id\/messages",status="200"\}/);
  has(/^kagent_discord_display_lag_seconds_count\{kind="(edit|create)"\}/);
  has(/^kagent_discord_gateway_events_total\{type="INTERACTION_CREATE"\} 1$/);
  has(/^kagent_discord_gateway_up 1$/);
  has(/^kagent_discord_store_op_seconds_count\{op="write"\}/);
  has(/^kagent_discord_session_start_remaining 999$/);
  expect(lines.filter((line) => /route="[^"]*[?%]/.test(line))).toEqual([]);
  expect(text).not.toContain("secret question");
  for (const id of [ana.id, ops.id, guild.id, discord.botId, discord.token]) expect(text).not.toContain(id);
});

it("agents that people only imagine do not become series without end", async () => {
  const { answers, ana, ops, discord, figure } = await operate({ agents: [agent("k8s-agent")] });
  await answers("/readyz", 200);
  await ana.runs(ops, "/ask", { prompt: "hello", agent: "imagined" });
  await discord.until(() => discord.transcript(ops, { as: ana }).includes("imagined"));
  expect(await figure('turns_total{agent="kagent/imagined",cluster="default",outcome="failed"}')).toSatisfy(
    (value: number) => Number.isNaN(value) || value === 1,
  );
});
