import { defineCommand, type WaitingApproval } from "../src/discord/command.ts";
import { safeInline, shorten } from "../src/discord/view/safe-text.ts";

/** Tools that one line names. */
const MOST_TOOLS = 3;

/** `/approvals`: everything that waits for people and that this person may decide. */
export default defineCommand({
  name: "approvals",
  description: "What waits for a decision that you may make",
  options: {},
  reply: "private",
  async run(context) {
    const waiting = await context.approvals();
    await context.answer(
      waiting.length === 0
        ? "Nothing waits for you."
        : [heading(waiting.length), ...waiting.map(line)].join("\n"),
    );
  },
});

function heading(count: number): string {
  return count === 1 ? "**One request waits for you**" : `**${count} requests wait for you**`;
}

function line(one: WaitingApproval): string {
  const open = one.link === undefined ? "" : ` · ${one.link}`;
  const since = `<t:${Math.floor(one.requestedAt / 1000)}:R>`;
  const until = `<t:${Math.floor(one.expiresAt / 1000)}:R>`;
  const asker = safeInline(shorten(one.asker, 40));
  return `- **${one.agent}** ${wish(one)}, asked by ${asker} ${since}, expires ${until}${open}`;
}

function wish({ tools, questions }: WaitingApproval): string {
  const named = tools.slice(0, MOST_TOOLS).map((tool) => `**${safeInline(shorten(tool, 60))}**`);
  const more = tools.length > MOST_TOOLS ? ` and ${tools.length - MOST_TOOLS} more` : "";
  const runs = tools.length === 0 ? [] : [`wants to run ${named.join(", ")}${more}`];
  const asks = questions === 0 ? [] : [questions === 1 ? "has a question" : `has ${questions} questions`];
  return [...runs, ...asks].join(" and ");
}
