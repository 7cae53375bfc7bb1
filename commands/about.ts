import type { MessageCommand } from "../src/discord/command.ts";

/** Message context menu: the message goes along with a question to an agent. */
export default {
  name: "Ask an agent about this",
  form: { title: "Ask an agent about this message", agent: "Agent", question: "Your question" },
} satisfies MessageCommand;
