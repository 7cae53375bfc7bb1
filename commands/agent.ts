import type { Route } from "../src/conversation/routing.ts";
import { type Command, defineCommand } from "../src/discord/command.ts";
import { questionOptions, readQuestion } from "./question.ts";

/** The slash command of one route: `/k8s` asks the agent that the route names. */
export function agentCommand(route: Route, clusters: number): Command {
  return defineCommand({
    name: route.command,
    description: route.description,
    descriptions: route.descriptions,
    options: questionOptions(clusters),
    reply: "public",
    async run(context) {
      const question = readQuestion(context, route.agent);
      await context.ask(route.cluster === undefined ? question : { cluster: route.cluster, ...question });
    },
  });
}
