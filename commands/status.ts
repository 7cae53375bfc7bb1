import { type BotStatus, type CommandContext, defineCommand } from "../src/discord/command.ts";
import { quotePrompt, safeInline } from "../src/discord/view/safe-text.ts";
import { usageLines } from "../src/discord/view/usage.ts";

/** `/status`: this conversation, and the bot itself. */
export default defineCommand({
  name: "status",
  description: "What runs and waits here, and how the bot is",
  options: {},
  reply: "private",
  async run(context) {
    const [here, usage, bot] = await Promise.all([context.status(), context.usage(), context.botStatus()]);
    const limits = usage.length === 0 ? [] : ["", "**Limits**", ...usageLines(usage)];
    await context.answer([...conversationLines(here), ...limits, "", ...botLines(bot)].join("\n"));
  },
});

function conversationLines(here: Awaited<ReturnType<CommandContext["status"]>>): string[] {
  const { agent, running, waiting, contextId } = here;
  if (!agent) return ["**This place**: no conversation yet."];
  const started = running ? Math.floor(running.startedAt / 1000) : 0;
  return [
    `**This conversation**: ${safeInline(agent.name)} in ${safeInline(agent.namespace)} on ${safeInline(agent.cluster)}`,
    ...(contextId === undefined ? [] : [`Context: \`${contextId}\``]),
    running
      ? `Running since <t:${started}:R>: ${quotePrompt(running.prompt.text, 80)}${running.taskId === undefined ? "" : ` (task \`${safeInline(running.taskId)}\`)`}`
      : "Running: nothing",
    waiting.length === 0 ? "Waiting: nothing" : `Waiting: ${waiting.length}`,
    ...waiting.map((prompt, index) => `${index + 1}. ${quotePrompt(prompt.text, 80)}`),
  ];
}

function botLines(bot: BotStatus): string[] {
  const { connected, pingMs } = bot.gateway;
  const ping = connected && pingMs !== undefined ? `, ${Math.round(pingMs)} ms` : "";
  const clusters = bot.clusters.map((one) =>
    one.reachable
      ? `🟢 ${safeInline(one.name)}: ${one.agents} agents`
      : `🔴 ${safeInline(one.name)}: kagent is not reachable`,
  );
  return [
    `**Bot** ${bot.version}: gateway ${connected ? "connected" : "connecting"}${ping}; ${bot.running} running`,
    ...clusters,
  ];
}
