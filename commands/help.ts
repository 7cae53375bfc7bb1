import { type CommandContext, defineCommand } from "../src/discord/command.ts";
import { safeInline } from "../src/discord/view/safe-text.ts";

/** `/help`: what can be done here, with the commands of this configuration. */
export default defineCommand({
  name: "help",
  description: "What this bot can do",
  options: {},
  reply: "private",
  run: (context) => context.answer(helpText(context)),
});

function helpText({ routes, clusters, defaultAgent }: CommandContext): string {
  const names = clusters.map((one) => `\`${one.name}\``).join(", ");
  return [
    "Ask a question; the answer comes in a thread. Write on in that thread: the agent remembers.",
    "",
    ...routes.map((route) => `\`/${route.command}\` ${safeInline(route.description)}`),
    "`/ask` any agent you may use · `/agents` who is there",
    `Mention me in a channel to ask its agent (otherwise ${safeInline(defaultAgent)}).`,
    "Right-click or long-press a message → Apps → **Ask an agent about this**.",
    ...(clusters.length > 1
      ? [`Clusters: ${names}. Use the \`cluster\` option, or name one in your question.`]
      : []),
    "",
    "`/approvals` what waits for a decision that you may make",
    "`/stop` ends what runs · `/new` starts afresh · `/status` tells what runs and waits · `/doctor` finds what is wrong (managers)",
    "-# While an answer runs, further questions wait in line; edit or delete your message to change them.",
  ].join("\n");
}
