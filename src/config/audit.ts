import type { AuditOptions } from "../audit/options.ts";
import { createEnvironment, type Environment, type ReadFile, type Variables } from "./environment.ts";
import { readConfigFile } from "./file.ts";
import type { ConfigInput } from "./input.ts";
import type { ConfigProblem } from "./problem.ts";
import { AUDIT_DIR } from "./schema.ts";

const MIB = 1024 * 1024;

/** Reads where the evidence trail goes. */
export function readAudit({ env, file }: ConfigInput): AuditOptions {
  const audit = file.config.audit ?? {};
  const named = env.text("AUDIT_DIR") ?? audit.dir ?? AUDIT_DIR;
  const dir = named.toLowerCase() === "off" ? undefined : named;
  const key = env.secret("AUDIT_KEY", "key");
  const stdout = env.flag("AUDIT_STDOUT") ?? audit.stdout ?? false;
  if (stdout && dir === undefined)
    env.problem("AUDIT_STDOUT", "It copies the records of the audit files, and AUDIT_DIR is off.");
  return {
    ...(dir === undefined ? {} : { dir }),
    ...(key === undefined ? {} : { key }),
    stdout,
    args: env.flag("AUDIT_ARGUMENTS") ?? audit.arguments ?? false,
    maxFileBytes: (audit.maxFileMb ?? 16) * MIB,
  };
}

/** What a verification needs of the configuration. */
export interface VerificationConfig {
  readonly dir?: string;
  readonly key?: string;
  /** As it is set; absent: the default. */
  readonly storeUrl?: string;
  /** What is wrong with the key, the directory or the file. */
  readonly problems: readonly ConfigProblem[];
}

/**
 * Reads what a verification needs and nothing else: whoever audits a trail has the key and the files, and neither
 * Discord's token nor kagent's address.
 */
export function readVerificationConfig(variables: Variables, readFile: ReadFile): VerificationConfig {
  const problems: ConfigProblem[] = [];
  const env = createEnvironment(variables, readFile, (problem) => problems.push(problem));
  const key = env.secret("AUDIT_KEY", "key");
  const named = env.text("AUDIT_DIR") ?? dirInFile(env, readFile) ?? AUDIT_DIR;
  const storeUrl = env.text("STORE_URL");
  return {
    ...(named.toLowerCase() === "off" ? {} : { dir: named }),
    ...(key === undefined ? {} : { key }),
    ...(storeUrl === undefined ? {} : { storeUrl }),
    problems,
  };
}

function dirInFile(env: Environment, readFile: ReadFile): string | undefined {
  const path = env.text("CONFIG_FILE");
  if (path === undefined) return undefined;
  try {
    return readConfigFile(readFile(path)).config.audit?.dir;
  } catch {
    env.problem("CONFIG_FILE", `The file ${path} cannot be read.`);
    return undefined;
  }
}
