import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, it, type TestContext } from "vitest";
import { startKagent } from "../../emulator/agent/kagent.ts";
import { startDiscord } from "../../emulator/discord/discord.ts";
import type { Fault } from "../../emulator/discord/rest/faults.ts";
import { configCheck, configPrint } from "../../src/cli/config.ts";
import { records, runProcess, startProcess } from "../cli/bot-process.ts";
import { createCast } from "./cast.ts";
import { startCollector } from "./collector.ts";
import { allSecrets, allTexts, leaksIn, secrets, texts } from "./markers.ts";
import { credentials } from "./path.ts";
import { configFile, environment } from "./stage.ts";

type Changes = Readonly<Record<string, string | undefined>>;

/** The world of a subcommand, and its environment. */
async function setting({ onTestFinished }: TestContext, file?: string) {
  const discord = await startDiscord({ token: secrets.botToken.value });
  discord.createGuild({ name: "acme" });
  const kagent = await startKagent({ agents: createCast().agents, token: secrets.agentToken.value });
  const collector = await startCollector();
  const dir = mkdtempSync(join(tmpdir(), "redaction-"));
  onTestFinished(async () => {
    await Promise.all([discord.stop(), kagent.stop(), collector.stop()]);
    rmSync(dir, { recursive: true, force: true });
  });
  writeFileSync(join(dir, "config.yaml"), file ?? configFile(kagent.url));
  const env = environment({
    discordUrl: discord.apiUrl,
    kagentUrl: kagent.url,
    collectorUrl: collector.url,
    proxyUrl: collector.proxyUrl,
    dir,
  });
  const changed = (changes: Changes) =>
    Object.fromEntries(
      Object.entries({ ...env, ...changes }).flatMap(([name, value]) =>
        value === undefined ? [] : [[name, value]],
      ),
    );
  return { discord, kagent, collector, dir, changed };
}

const everything = [...allSecrets, ...allTexts];

/** One subcommand: what is typed, in which environment, and what it must say to prove that it came so far. */
interface Row {
  readonly what: string;
  readonly words: string;
  readonly changes?: Changes;
  readonly file?: string;
  readonly code: number;
  readonly says: string | RegExp;
  readonly discord?: Fault;
  readonly kagent?: number;
}

const token = secrets.agentToken.value;
const quoting: Fault = {
  kind: "status",
  status: 400,
  code: 50035,
  message: `Value "${texts.prompt.value}" of ${secrets.botToken.value}`,
};

/** Secrets in variables where they do not belong, and in forms that are refused. */
const mistakes: Changes = {
  DISCORD_GUILD_IDS: secrets.botToken.value,
  DISCORD_BOT_TOKN: secrets.botToken.value,
  HTTP_PORT: token,
  LOG_LEVEL: token,
  LOG_PRETTY: secrets.header.value,
  KAGENT_NAMESPACE: secrets.header.value,
  KAGENT_BASE_URL: `https://bot:${secrets.proxyPassword.value}@kagent:8083`,
  KAGENT_A2A_URL: `https://kagent:8083/?token=${token}`,
  KAGENT_CLUSTERS: `${token},b`,
  STORE_URL: `redis://bot:${secrets.proxyPassword.value}@redis:6379`,
  HTTPS_PROXY: `ftp://bot:${secrets.proxyPassword.value}@proxy`,
  AUDIT_KEY: secrets.auditKey.value.slice(0, 20),
  CF_ACCESS_CLIENT_SECRET: secrets.header.value,
  KAGENT_TOKEN: `${token} ${token}`,
  APPROVER_ROLES: token,
  AUDIT_STDOUT: token,
  OTEL_EXPORTER_OTLP_HEADERS: secrets.otlpHeader.value,
  OTEL_EXPORTER_OTLP_ENDPOINT: `http://bot:${secrets.proxyPassword.value}@otel:4318`,
};

const brokenFile = [
  `kagent: { headers: { X-Other-Key: "${secrets.literalHeader.value}\\n", X-List: [${secrets.literalHeader.value}] } }`,
  `rules: ${secrets.literalHeader.value}`,
].join("\n");

const rows: readonly Row[] = [
  { what: "mistakes everywhere", words: "config check", changes: mistakes, code: 1, says: "mistakes" },
  {
    what: "a Discord that quotes",
    words: "doctor --json",
    discord: quoting,
    kagent: 500,
    code: 1,
    says: '"findings"',
  },
  { what: "mistakes everywhere", words: "doctor --json", changes: mistakes, code: 1, says: '"findings"' },
  { what: "an invitation that fails", words: "invite", discord: quoting, code: 1, says: "application-id" },
  { what: "a registration that is refused", words: "register", discord: quoting, code: 1, says: /Discord/ },
  {
    what: "a refused token",
    words: "start",
    changes: { DISCORD_BOT_TOKEN: `${secrets.botToken.value}x` },
    code: 1,
    says: "Discord refuses the bot token",
  },
  { what: "mistakes everywhere", words: "start", changes: mistakes, code: 1, says: "mistakes" },
];

it.for(rows.map((row) => [row.words, row.what, row] as const))(
  "%s, %s: tells no secret",
  async ([, , row], context) => {
    const { discord, kagent, changed } = await setting(context, row.file);
    if (row.discord) discord.faults.add({ times: 99 }, row.discord);
    if (row.kagent) kagent.fault({ fault: "status", status: row.kagent, text: credentials }, 99);
    const { code, output } = await runProcess(row.words.split(" "), changed(row.changes ?? {}));
    expect(output).toMatch(row.says);
    expect(leaksIn(output, everything)).toEqual([]);
    expect(code).toBe(row.code);
  },
);

it("a file with mistakes, or that is no YAML, is told about without the secrets in it", async (context) => {
  const { changed } = await setting(context);
  const { literalHeader: secret } = secrets;
  const files = [brokenFile, `kagent: {headers: {X-Other-Key: ${secret.value}`, `tokn: ${secret.value}`];
  for (const file of files) {
    const { text, exitCode } = configCheck(changed({}), () => file);
    expect(text).toContain("config.yaml:");
    expect(leaksIn(text, everything)).toEqual([]);
    expect(exitCode).toBe(1);
  }
});

it("the configuration in effect is shown without secrets", async (context) => {
  const { changed } = await setting(context);
  const read = (path: string) => readFileSync(path, "utf8");
  for (const { text, exitCode } of [configPrint(changed({}), read), configCheck(changed({}), read)]) {
    expect(leaksIn(text, everything)).toEqual([]);
    expect(exitCode).toBe(0);
  }
  expect(configPrint(changed({}), read).text).toContain('x-other-key: "***"');
});

it.for([
  ["exception", "SIGUSR2", "uncaughtException"],
  ["rejection", "SIGWINCH", "unhandledRejection"],
] as const)(
  "an uncaught %s is a line of the log, without secrets, and exit code 1",
  async ([_what, signal, event], context) => {
    const { changed } = await setting(context);
    const bot = startProcess(["start"], changed({}), { imports: ["./test/redaction/mistake.ts"] });
    await bot.writes('"msg":"ready"');
    bot.send(signal);
    expect(await bot.ended).toEqual({ code: 1, signal: null });
    expect(records(bot.output()).at(-1)).toMatchObject({
      level: "error",
      event,
      err: { name: "Error", stack: expect.stringContaining("mistake.ts"), cause: { status: 400 } },
    });
    expect(bot.output()).not.toContain("Node.js v");
    expect(leaksIn(bot.output(), everything)).toEqual([]);
  },
);
