#!/usr/bin/env node
import { Command } from "commander";
import { configCheck, configPrint, configSchema } from "./cli/config.ts";
import { healthcheck } from "./cli/healthcheck.ts";
import {
  configSource,
  endOnMistakes,
  endSignal,
  print,
  readOrRefusal,
  readText,
  report,
  version,
  withConfig,
  withoutSecrets,
} from "./cli/process.ts";
import { secretsOf } from "./config/config.ts";
import { readInviteConfig } from "./config/invite.ts";
import { ConfigError } from "./config/read.ts";
import { misspeltVariables } from "./config/unknown-variables.ts";
import { installProxies } from "./network/install.ts";
import { systemClock } from "./telemetry/clock.ts";
import { describeError } from "./telemetry/error.ts";
import { createLog } from "./telemetry/log.ts";

async function runStart(): Promise<number> {
  const isTerminal = process.stdout.isTTY === true;
  const hints = misspeltVariables(process.env);
  return withConfig(async (config) => {
    const { level, pretty = isTerminal } = config.log;
    endOnMistakes(await createLog({ level, pretty, secrets: secretsOf(config) }));
    const { start } = await import("./cli/start.ts");
    const source = configSource();
    return start({ config, version: version(), hints, isTerminal, print, asked: endSignal(), source });
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

async function runDoctor(json: boolean): Promise<number> {
  const config = readOrRefusal();
  if (!(config instanceof ConfigError)) installProxies(config.proxy);
  const { doctor } = await import("./cli/doctor.ts");
  const result = await doctor({
    config,
    hints: misspeltVariables(process.env),
    authorities: process.env.NODE_EXTRA_CA_CERTS,
    json,
    readFile: readText,
    clock: systemClock,
    log: await createLog({ level: "silent", pretty: false, secrets: [] }),
  });
  return report(result);
}

async function runInvite(typed: {
  readonly applicationId?: string;
  readonly json?: boolean;
}): Promise<number> {
  const config = readInviteConfig(process.env, readText);
  installProxies(config.proxy);
  const { invite } = await import("./cli/invite.ts");
  return report(await invite({ ...typed, json: typed.json === true }, config));
}

const program = new Command("kagent-discord")
  .description("Ask kagent agents from Discord.")
  .showHelpAfterError()
  // 1 says that something is wrong with the bot, so a wrong command line is 2, for every subcommand.
  .exitOverride(({ exitCode: code }) => process.exit(code === 0 ? 0 : 2));
let exitCode = 0;
const ending = (run: () => number | Promise<number>) => async () => {
  exitCode = await run();
};

program
  .command("start", { isDefault: true })
  .description("run the bot until it is asked to end (exit code 0: asked to, 1: it could not start or go on)")
  // What is no subcommand comes here too.
  .allowExcessArguments()
  .action(async (_options: unknown, { args: [unknown] }: Command) => {
    if (unknown !== undefined) program.error(`error: unknown command '${unknown}'`);
    exitCode = await runStart();
  });
program
  .command("doctor")
  .description(
    "look at Discord, the store and every kagent without starting the bot: what is wrong, and what to do",
  )
  .option("--json", "print the findings as JSON")
  .addHelpText("after", "\nExit code 0: nothing is wrong (perhaps warnings), 1: something is, 2: usage.")
  .action(async ({ json = false }: { readonly json?: boolean }) => {
    exitCode = await runDoctor(json);
  });
program
  .command("invite")
  .description("print the link that adds the bot to a server, with exactly the permissions that it needs")
  .option("--application-id <id>", "otherwise Discord is asked whose DISCORD_BOT_TOKEN it is")
  .option("--json", "print the link and the permissions as JSON")
  .addHelpText("after", "\nExit code 0: printed, 1: the application is not known, 2: usage.")
  .action(async (typed: Parameters<typeof runInvite>[0]) => {
    exitCode = await runInvite(typed);
  });
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
  .action(async (...[paths, options]: Parameters<typeof runVerify>) => {
    exitCode = await runVerify(paths, options);
  });
program
  .command("healthcheck")
  .description("whether the bot of this machine or container lives (exit code 0: yes, 1: no)")
  .option("--ready", "whether it serves people, with what is in the way")
  .action(async ({ ready = false }: { readonly ready?: boolean }) => {
    exitCode = report(await healthcheck(process.env, ready));
  });
program
  .command("version")
  .description("print the version")
  .action(ending(() => report({ text: version(), exitCode: 0 })));

try {
  await program.parseAsync();
} catch (error) {
  const told = withoutSecrets(JSON.stringify(describeError(error), null, 2));
  process.stderr.write(`This is a mistake of the program. Please report it, with what follows:\n${told}\n`);
  exitCode = 1;
}
process.exit(exitCode);
