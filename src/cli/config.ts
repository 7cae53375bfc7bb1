import { stringify } from "yaml";
import { type Config, withoutSecrets } from "../config/config.ts";
import type { ReadFile, Variables } from "../config/environment.ts";
import { jsonSchema } from "../config/json-schema.ts";
import { ConfigError } from "../config/problem.ts";
import { readConfig } from "../config/read.ts";

/** What a subcommand prints (it ends in a newline) and the exit code of the process. */
export interface Printed {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

/** `config check`: whether the configuration is sound, or every mistake in it. */
export function configCheck(variables: Variables, readFile: ReadFile): Printed {
  return withConfig(variables, readFile, (config) => {
    const { routes, clusters } = config.routing;
    const commands = routes.map((route) => `/${route.command} → ${route.agent}`).join(", ");
    return `The configuration is sound.\nCommands: ${commands}\nClusters: ${clusters.map((one) => one.name).join(", ")}\n`;
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

function withConfig(variables: Variables, readFile: ReadFile, print: (config: Config) => string): Printed {
  try {
    return { text: print(readConfig(variables, readFile)), exitCode: 0 };
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return { text: `${error.message}\n`, exitCode: 1 };
  }
}
