import { examine } from "../app/doctor.ts";
import { type Config, secretsOf } from "../config/config.ts";
import type { ReadFile } from "../config/environment.ts";
import { ConfigError } from "../config/problem.ts";
import { counted, findings } from "../conversation/finding.ts";
import type { Clock, Finding, Log } from "../conversation/ports.ts";
import { oneLine } from "../discord/view/safe-text.ts";
import { openStore } from "../store/open.ts";
import { createScrubber } from "../telemetry/scrub.ts";

/** What doctor prints (it ends in a newline) and its exit code: 0 nothing is wrong, 1 something is. */
export interface DoctorResult {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

/** What doctor needs of the process. */
export interface DoctorArguments {
  /** The configuration, or everything that is wrong with it. */
  readonly config: Config | ConfigError;
  /** Variables that nothing reads and that look like one of ours. */
  readonly hints: readonly string[];
  /** `NODE_EXTRA_CA_CERTS`. */
  readonly authorities: string | undefined;
  readonly json: boolean;
  readonly readFile: ReadFile;
  readonly clock: Clock;
  readonly log: Log;
  readonly limitMs?: number;
}

/** `doctor`: looks at everything that the bot needs, without starting it. */
export async function doctor(typed: DoctorArguments): Promise<DoctorResult> {
  const { config, hints } = typed;
  const found = [...lookAtConfig(config, hints), ...lookAtAuthorities(typed), ...(await lookOutside(typed))];
  const secrets = config instanceof ConfigError ? [] : secretsOf(config);
  const text = typed.json ? asJson(found) : asText(found);
  return { text: createScrubber(secrets)(text), exitCode: count(found, "problem") > 0 ? 1 : 0 };
}

async function lookOutside({ config, clock, log, limitMs }: DoctorArguments): Promise<readonly Finding[]> {
  if (config instanceof ConfigError) return [];
  const opening = openStore(config.store.url, { clock, log });
  opening.catch(() => {});
  try {
    const limit = limitMs === undefined ? {} : { limitMs };
    return await examine(config, { clock, store: () => opening, ...limit });
  } finally {
    await opening.then((store) => store.close()).catch(() => {});
  }
}

function lookAtConfig(config: Config | ConfigError, hints: readonly string[]): readonly Finding[] {
  const check = findings("configuration");
  const unread = hints.map((hint) => check.warning(hint, "Correct its name, or remove it."));
  if (!(config instanceof ConfigError)) return [check.ok("The configuration is sound."), ...unread];
  const rest = check.warning(
    "Nothing else was looked at.",
    "Correct the configuration first; kagent-discord config check shows where.",
  );
  const problems = config.problems.map(({ path, sentence }) =>
    check.problem(`${path}: ${sentence}`, "Correct it there."),
  );
  return [...problems, ...unread, rest];
}

/** Node itself only warns when the file is not there, and goes on without. */
function lookAtAuthorities({ authorities, readFile }: DoctorArguments): readonly Finding[] {
  if (authorities === undefined || authorities === "") return [];
  const check = findings("authorities");
  try {
    const many = readFile(authorities).split("-----BEGIN CERTIFICATE-----").length - 1;
    if (many > 0) return [check.ok(`NODE_EXTRA_CA_CERTS adds ${counted(many, "certificate")}.`)];
  } catch {
    // The same advice.
  }
  const sentence = "The file of NODE_EXTRA_CA_CERTS cannot be read or holds no certificate.";
  return [check.problem(sentence, "Mount a PEM file there, readable for the bot's user.")];
}

const MARKS = { ok: "✓", warning: "!", problem: "✗" } as const;

function asText(found: readonly Finding[]): string {
  const width = Math.max(...found.map(({ check }) => check.length));
  const lines = found.flatMap(({ check, level, sentence, advice }) => [
    `${MARKS[level]} ${check.padEnd(width)}  ${oneLine(sentence)}`,
    ...(advice === undefined ? [] : [`  ${" ".repeat(width)}  → ${oneLine(advice)}`]),
  ]);
  const sums = [
    counted(count(found, "problem"), "problem"),
    counted(count(found, "warning"), "warning"),
    `${count(found, "ok")} ok`,
  ];
  return `${lines.join("\n")}\n\n${sums.join(", ")}\n`;
}

function asJson(found: readonly Finding[]): string {
  const [problems, warnings] = [count(found, "problem"), count(found, "warning")];
  return `${JSON.stringify({ ok: problems === 0, problems, warnings, findings: found }, null, 2)}\n`;
}

function count(found: readonly Finding[], level: Finding["level"]): number {
  return found.filter((one) => one.level === level).length;
}
