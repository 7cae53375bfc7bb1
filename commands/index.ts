import type { Route } from "../src/conversation/routing.ts";
import type { Command } from "../src/discord/command.ts";
import { agentCommand } from "./agent.ts";
import agents from "./agents.ts";
import approvals from "./approvals.ts";
import { askCommand } from "./ask.ts";
import doctor from "./doctor.ts";
import help from "./help.ts";
import newCommand from "./new.ts";
import status from "./status.ts";
import stop from "./stop.ts";

/** Every slash command of this configuration, in the order in which Discord shows them. */
export function commandsFor(routes: readonly Route[], clusters: number): readonly Command[] {
  const byRoute = routes.map((route) => agentCommand(route, clusters));
  return [...byRoute, askCommand(clusters), agents, approvals, newCommand, stop, status, doctor, help];
}
