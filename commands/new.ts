import { defineCommand } from "../src/discord/command.ts";
import { safeInline } from "../src/discord/view/safe-text.ts";

/** `/new`: a fresh context for this conversation. */
export default defineCommand({
  name: "new",
  description: "Start afresh here: the agent forgets this conversation",
  options: {},
  reply: "private",
  async run(context) {
    const agent = await context.renew();
    if (agent === "not-allowed") {
      return context.answer("Only people who may ask this agent can make it start afresh.");
    }
    await context.answer(
      agent
        ? `${safeInline(agent.name)} starts afresh here. Your next message is the first one it knows.`
        : "There is no conversation here yet. Ask something first, for example with `/ask`.",
    );
  },
});
