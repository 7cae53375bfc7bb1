import { type AgentList, defineCommand, type VisibleAgent } from "../src/discord/command.ts";
import { safeInline } from "../src/discord/view/safe-text.ts";

/** `/agents`: who is there, what for, ready or not, and which command reaches it. */
export default defineCommand({
  name: "agents",
  description: "Which agents there are, what for, and which command reaches them",
  options: {},
  reply: "private",
  async run(context) {
    const list = await context.agents();
    await context.answer(describe(list, context.clusters.length > 1));
  },
});

function describe({ agents, problems }: AgentList, withCluster: boolean): string {
  const warnings = problems.map((problem) => `⚠️ ${problem}`);
  if (agents.length > 0) return [...agents.map((agent) => line(agent, withCluster)), ...warnings].join("\n");
  if (warnings.length > 0) return warnings.join("\n");
  return "There is no agent here that you may use. Ask an operator which roles may, or to install one.";
}

function line(agent: VisibleAgent, withCluster: boolean): string {
  const mark = agent.ready ? "🟢" : "⚪";
  const where = withCluster ? ` on ${safeInline(agent.ref.cluster)}` : "";
  const how = agent.command === undefined ? `\`/ask agent:${agent.ref.name}\`` : `\`/${agent.command}\``;
  const state = agent.ready ? "" : " (not ready)";
  const what = agent.description === "" ? "" : ` — ${safeInline(agent.description).slice(0, 140)}`;
  return `${mark} **${safeInline(agent.ref.name)}**${where}${state} · ${how}${what}`;
}
