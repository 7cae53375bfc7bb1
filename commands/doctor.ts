import { type CommandContext, defineCommand } from "../src/discord/command.ts";
import { safeInline } from "../src/discord/view/safe-text.ts";

/** `/doctor`: what is wrong with the bot and around it, for members with Manage Server. */
export default defineCommand({
  name: "doctor",
  description: "Find what is wrong with this bot (members with Manage Server)",
  options: {},
  reply: "private",
  async run(context) {
    const found = await context.doctor();
    await context.answer(
      found === "not-allowed"
        ? "Only members with Manage Server may run this, in a server that I serve."
        : found.map(line).join("\n"),
    );
  },
});

const MARKS = { ok: "✅", warning: "⚠️", problem: "❌" } as const;

function line({ check, level, sentence, advice }: Findings[number]): string {
  const next = advice === undefined ? "" : `\n> ${safeInline(advice)}`;
  return `${MARKS[level]} **${safeInline(check)}** ${safeInline(sentence)}${next}`;
}

type Findings = Exclude<Awaited<ReturnType<CommandContext["doctor"]>>, string>;
