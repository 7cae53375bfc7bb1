#!/usr/bin/env node
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { Command } from "commander";
import { configCheck, configPrint, configSchema } from "./cli/config.ts";
import { type Config, secretsOf } from "./config/config.ts";
import { ConfigError, readConfig } from "./config/read.ts";
import { misspeltVariables } from "./config/unknown-variables.ts";
import { BridgeError } from "./conversation/errors.ts";
import { installProxies } from "./network/install.ts";
import { createLog } from "./telemetry/log.ts";

const readText = (path: string) => readFileSync(path, "utf8");

/** The version of this package: beside `dist` when built, beside `src` in a checkout. */
function version(): string {
  for (const path of ["../package.json", "../../package.json"]) {
    try {
      const { name, version: found } = JSON.parse(readText(fileURLToPath(new URL(path, import.meta.url))));
      if (name === "kagent-discord") return String(found);
    } catch {
      // Not there: this is the other layout.
    }
  }
  return "unknown";
}

function print(text: string): void {
  process.stdout.write(text.endsWith("\n") ? text : `${text}\n`);
}

/**
 * Runs with a valid configuration, or says everything that is wrong with it. `run` imports what imports discord.js: the
 * proxies must be there before.
 */
async function withConfig(run: (config: Config) => Promise<number>): Promise<number> {
  try {
    const config = readConfig(process.env, readText);
    installProxies(config.proxy);
    return await run(config);
  } catch (error) {
    if (!(error instanceof ConfigError) && !(error instanceof BridgeError)) throw error;
    const hints = error instanceof ConfigError ? misspeltVariables(process.env) : [];
    process.stderr.write(`${[error.message, ...hints].join("\n")}\n`);
    return 1;
  }
}

function endSignal(): Promise<string> {
  return new Promise((resolve) => {
    for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => resolve(signal));
  });
}

async function runStart(): Promise<number> {
  const isTerminal = process.stdout.isTTY === true;
  const hints = misspeltVariables(process.env);
  return withConfig(async (config) => {
    const { start } = await import("./cli/start.ts");
    return start({ config, version: version(), hints, isTerminal, print, asked: endSignal() });
  });
}

async function runRegister(): Promise<number> {
  return withConfig(async (config) => {
    const { register } = await import("./cli/register.ts");
    const log = await createLog({
      level: "warn",
      pretty: process.stdout.isTTY === true,
      secrets: secretsOf(config),
    });
    print(await register(config, log));
    return 0;
  });
}

async function runVerify(
  paths: readonly string[],
  { json = false, ...heads }: { readonly head?: string; readonly after?: string; readonly json?: boolean },
): Promise<number> {
  const { auditVerify } = await import("./cli/audit.ts");
  const log = await createLog({ level: "silent", pretty: false, secrets: [] });
  return report(
    await auditVerify({ paths, json, ...heads }, { variables: process.env, readFile: readText, log }),
  );
}

function report({ text, exitCode }: { readonly text: string; readonly exitCode: number }): number {
  print(text);
  return exitCode;
}

const program = new Command("kagent-discord")
  .description("Ask kagent agents from Discord.")
  .showHelpAfterError();
let exitCode = 0;
const ending = (run: () => number | Promise<number>) => async () => {
  exitCode = await run();
};

program.command("start").description("run the bot").action(ending(runStart));
program
  .command("register")
  .description("make Discord's commands equal to the configuration's")
  .action(ending(runRegister));
const config = program.command("config").description("look at the configuration");
config
  .command("check")
  .description("say everything that is wrong with it")
  .action(ending(() => report(configCheck(process.env, readText))));
config
  .command("print")
  .description("show it as it is understood, without secrets")
  .action(ending(() => report(configPrint(process.env, readText))));
config
  .command("schema")
  .description("print the JSON Schema of the file")
  .action(ending(() => report(configSchema())));
program
  .command("audit")
  .description("look at the audit trail")
  .command("verify")
  .description(
    "whether no record was changed, removed, moved or cut off (exit code 0: whole, 1: broken, 2: not verified)",
  )
  .argument("[paths...]", "directories and files of one trail; otherwise AUDIT_DIR")
  .option("--head <seq:hash>", "a record that must be in it; otherwise the head in the store")
  .option("--after <seq:hash>", "the record before the first one here, where older files are not verified")
  .option("--json", "print the result as JSON")
  .exitOverride(({ exitCode: code }) => process.exit(code === 0 ? 0 : 2))
  .action(async (...[paths, options]: Parameters<typeof runVerify>) => {
    exitCode = await runVerify(paths, options);
  });
program
  .command("version")
  .description("print the version")
  .action(ending(() => report({ text: version(), exitCode: 0 })));

await program.parseAsync();
process.exit(exitCode);
