import { type Command, defineCommand } from "../src/discord/command.ts";
import { questionOptions, readQuestion } from "./question.ts";

/** `/ask`: any agent that the person may use. */
export function askCommand(clusters: number): Command {
  const { prompt, ...others } = questionOptions(clusters);
  return defineCommand({
    name: "ask",
    description: "Ask an agent",
    options: {
      ...(prompt ? { prompt } : {}),
      agent: { type: "text", description: "Who to ask; otherwise this channel's agent", complete: "agent" },
      ...others,
    },
    reply: "public",
    run: (context) => context.ask(readQuestion(context, context.text("agent"))),
  });
}
