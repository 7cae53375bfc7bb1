import type { ProxySettings } from "../network/proxy.ts";
import { createEnvironment, type ReadFile, type Variables } from "./environment.ts";
import type { ConfigProblem } from "./problem.ts";
import { readProxy } from "./proxy.ts";

/** What asking Discord for the application needs of the configuration, and nothing else. */
export interface InviteConfig {
  readonly token?: string;
  readonly apiUrl?: string;
  readonly proxy: ProxySettings;
  readonly problems: readonly ConfigProblem[];
}

/** Reads it: who invites the bot need not know where kagent is. */
export function readInviteConfig(variables: Variables, readFile: ReadFile): InviteConfig {
  const problems: ConfigProblem[] = [];
  const env = createEnvironment(variables, readFile, (problem) => problems.push(problem));
  const token = env.secret("DISCORD_BOT_TOKEN", "token");
  const apiUrl = env.url("DISCORD_API_URL", "discord-api");
  return {
    ...(token === undefined ? {} : { token }),
    ...(apiUrl === undefined ? {} : { apiUrl }),
    proxy: readProxy(env),
    problems,
  };
}
