import { stringify } from "yaml";
import { type Config, withoutSecrets } from "../config/config.ts";
import type { ReadFile, Variables } from "../config/environment.ts";
import { jsonSchema } from "../config/json-schema.ts";
import { ConfigError } from "../config/problem.ts";
import { readConfig } from "../config/read.ts";
import { misspeltVariables } from "../config/unknown-variables.ts";
import type { ApprovalConfig } from "../conversation/policy.ts";

/** What a subcommand prints (it ends in a newline) and the exit code of the process. */
export interface Printed {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

/** `config check`: whether the configuration is sound, or every mistake in it; then variables that nothing reads. */
export function configCheck(variables: Variables, readFile: ReadFile): Printed {
  const { text, exitCode } = checked(variables, readFile);
  const hints = misspeltVariables(variables).map((hint) => `${hint}\n`);
  return { text: `${text}${hints.join("")}`, exitCode };
}

function checked(variables: Variables, readFile: ReadFile): Printed {
  return withConfig(variables, readFile, (config) => {
    const { routes, clusters } = config.routing;
    const commands = routes.map((route) => `/${route.command} → ${route.agent}`).join(", ");
    const names = clusters.map((one) => one.name).join(", ");
    const lines = [
      "The configuration is sound.",
      `Commands: ${commands}`,
      `Clusters: ${names}`,
      `Approvals: ${describeApprovals(config.approvals)}`,
      `Audit: ${describeAudit(config.audit)}`,
      `Traces: ${describeTraces(config.tracing)}`,
    ];
    return `${lines.join("\n")}\n`;
  });
}

/** `config print`: the configuration in effect as YAML, secrets masked. */
export function configPrint(variables: Variables, readFile: ReadFile): Printed {
  return withConfig(variables, readFile, (config) =>
    stringify(withoutSecrets(config), { aliasDuplicateObjects: false, lineWidth: 0 }),
  );
}

/** `config schema`: the JSON Schema of the configuration file. */
export function configSchema(): Printed {
  return { text: `${JSON.stringify(jsonSchema(), null, 2)}\n`, exitCode: 0 };
}

function describeApprovals({ rules }: ApprovalConfig): string {
  if (rules.length === 0) return "no rule, so members with Manage Server decide";
  return rules.length === 1
    ? "1 rule; what it does not match, nobody may approve"
    : `${rules.length} rules; what none matches, nobody may approve`;
}

function describeAudit({ dir, key }: Config["audit"]): string {
  if (dir === undefined) return "off";
  return key === undefined ? `${dir}, without a key` : `${dir}, with a key`;
}

function describeTraces({ url, content }: Config["tracing"]): string {
  if (url === undefined) return "off";
  return content ? `${url}, with what people and agents say` : url;
}

function withConfig(variables: Variables, readFile: ReadFile, print: (config: Config) => string): Printed {
  try {
    return { text: print(readConfig(variables, readFile)), exitCode: 0 };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { text: `${error.message}\n`, exitCode: 1 };
  }
}
