import { describe, expect, it, onTestFinished } from "vitest";
import { type Kagent, startKagent } from "../../emulator/agent/kagent.ts";
import { startDiscord } from "../../emulator/discord/discord.ts";
import type { LocalDiscord } from "../../emulator/discord/local-discord.ts";
import type { GuildHandle } from "../../emulator/discord/people/guild-handle.ts";
import { type DoctorArguments, doctor } from "../../src/cli/doctor.ts";
import { register } from "../../src/cli/register.ts";
import { ConfigError } from "../../src/config/problem.ts";
import { readConfig } from "../../src/config/read.ts";
import type { Finding } from "../../src/conversation/ports.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { configOf, problemsOf } from "../config/setting.ts";
import { agent, sqliteStore } from "../e2e/story.ts";
import { silentLog } from "../silent-log.ts";

interface Setting {
  readonly discord: LocalDiscord;
  readonly guild: GuildHandle;
  readonly kagent: Kagent;
  readonly env: Readonly<Record<string, string>>;
}

const TOOLS = { tools: ["k8s_get_pod_logs"], gatedTools: ["k8s_delete_resource"] };

/** A local Discord and a local kagent with nothing to complain of. */
async function createSetting(): Promise<Setting> {
  const discord = await startDiscord();
  const guild = discord.createGuild({ name: "acme" });
  const kagent = await startKagent({
    agents: [agent("k8s-agent", undefined, { ...TOOLS, runtime: "python" })],
  });
  onTestFinished(async () => {
    await kagent.stop();
    await discord.stop();
  });
  const env = {
    DISCORD_BOT_TOKEN: discord.token,
    DISCORD_API_URL: discord.apiUrl,
    DISCORD_GUILD_IDS: guild.id,
    KAGENT_BASE_URL: kagent.url,
    KAGENT_ROUTES: "k8s=k8s-agent",
    STORE_URL: sqliteStore(),
    AUDIT_DIR: "off",
  };
  return { discord, guild, kagent, env };
}

const PROCESS = {
  hints: [],
  authorities: undefined,
  json: false,
  readFile: () => "",
  clock: systemClock,
  log: silentLog,
} satisfies Omit<DoctorArguments, "config">;

function configFor(env: Setting["env"], yaml = "") {
  return readConfig(yaml === "" ? env : { ...env, CONFIG_FILE: "config.yaml" }, () => yaml);
}

async function found(config: DoctorArguments["config"], more: Partial<DoctorArguments> = {}) {
  const { text, exitCode } = await doctor({ ...PROCESS, config, json: true, ...more });
  const findings: readonly Finding[] = JSON.parse(text).findings;
  const troubles = findings.filter(({ level }) => level !== "ok");
  return {
    exitCode,
    findings,
    troubles: troubles.map(({ check, level, sentence }) => `${level} ${check}: ${sentence}`),
  };
}

describe("doctor", () => {
  it("finds nothing wrong where all is well, line by line", async () => {
    const { env } = await createSetting();
    await register(configFor(env), silentLog);
    const { text, exitCode } = await doctor({ ...PROCESS, config: configFor(env) });
    const lines = text.split("\n").map((line) => line.replaceAll(/ {2,}/g, " "));
    expect(lines).toEqual([
      "✓ configuration The configuration is sound.",
      "✓ Discord token Discord accepts the bot token.",
      "✓ Discord intents Message Content is granted.",
      "✓ Discord installation Anybody can invite the bot; it serves only the servers of DISCORD_GUILD_IDS.",
      "✓ clock This machine's clock agrees with Discord's.",
      "✓ Discord gateway The gateway answers over WebSocket.",
      "✓ Discord gateway 1000 of 1000 logins are left today.",
      "✓ Discord servers The bot serves acme.",
      "✓ Discord permissions The bot has every permission that it needs in acme.",
      expect.stringMatching(/^✓ Discord commands \d+ commands registered as configured\.$/),
      "✓ store The store can be written and read.",
      "! audit trail The audit trail is off: nobody can tell later who decided what.",
      " → Set AUDIT_DIR to a directory on a disk that survives restarts.",
      "✓ kagent default kagent 0.9.12 answers.",
      "✓ kagent default: protocol A2A 0.3.",
      "✓ kagent default: approvals Approvals travel as confirmations (adk_request_confirmation).",
      "✓ kagent default: credentials kagent accepts calls without a token.",
      "✓ kagent default: agents 1 agent found, all ready.",
      "✓ kagent default: tools Every tool that is known to change something waits for an approval.",
      "✓ kagent default: routes Every agent that the configuration names is there and ready.",
      "✓ proxy No proxy is used.",
      "",
      "0 problems, 1 warning, 19 ok",
      "",
    ]);
    expect(exitCode).toBe(0);
  });

  it("logs in nowhere, so it can run beside the bot", async () => {
    const { discord, env } = await createSetting();
    await found(configFor(env));
    expect(discord.world.identifies).toBe(0);
    expect(discord.requests.filter(({ method }) => method !== "GET")).toEqual([]);
  });

  it("names channels and roles that are wrong, and what the bot lacks where", async () => {
    const { guild, env } = await createSetting();
    const hidden = guild.createChannel({
      name: "hidden",
      permissions: [{ for: "everyone", deny: ["VIEW_CHANNEL"] }],
    });
    const quiet = guild.createChannel({
      name: "quiet",
      permissions: [{ for: "bot", deny: ["SEND_MESSAGES"] }],
    });
    const flat = guild.createChannel({
      name: "flat",
      permissions: [{ for: "bot", deny: ["CREATE_PUBLIC_THREADS"] }],
    });
    const voice = guild.createChannel({ name: "voice", kind: "voice" });
    const role = guild.createRole({ name: "sre" });
    const yaml = `
approvals:
  channelId: "${flat.id}"
  remindAfterMinutes: 5
  rules: [{ roleIds: ["${role.id}", "112233445566778899"] }]
`;
    const ids = [hidden.id, quiet.id, voice.id, "112233445566778899"];
    const { troubles, exitCode } = await found(
      configFor({ ...env, DISCORD_CHANNEL_ONLY: ids.join(",") }, yaml),
    );
    expect(exitCode).toBe(1);
    expect(troubles).toEqual(
      expect.arrayContaining([
        `problem Discord channels: The bot cannot see channel ${hidden.id}.`,
        "problem Discord permissions: The bot lacks Send Messages in #quiet: nothing can be answered where no thread can be opened.",
        "problem Discord channels: #voice holds no messages that the bot could answer.",
        "problem Discord channels: There is no channel 112233445566778899.",
        "warning Discord permissions: The bot lacks Create Public Threads in #flat: the answer comes in the channel.",
        "problem Discord roles: No server that is served has the role 112233445566778899, which decides about approvals.",
        "warning Discord roles: Reminders ping nobody: sre cannot be mentioned by everybody.",
      ]),
    );
  });

  it("says which servers are missing, foreign, or not served for lack of a list", async () => {
    const { discord, env } = await createSetting();
    discord.createGuild({ name: "strangers" });
    const { DISCORD_GUILD_IDS: _, ...open } = env;
    const unlisted = await found(configFor(open));
    expect(unlisted.troubles).toContain(
      "problem Discord servers: The bot is in 2 servers (acme, strangers) and refuses everybody, because DISCORD_GUILD_IDS does not say which ones are yours.",
    );
    const listed = await found(
      configFor({ ...env, DISCORD_GUILD_IDS: `${env.DISCORD_GUILD_IDS},112233445566778899` }),
    );
    expect(listed.troubles).toEqual(
      expect.arrayContaining([
        "problem Discord servers: The bot is not in server 112233445566778899 of DISCORD_GUILD_IDS.",
        "warning Discord servers: The bot is also in 1 server that it does not serve: strangers.",
      ]),
    );
  });

  it("compares the registered commands with those of the configuration", async () => {
    const { env } = await createSetting();
    const never = await found(configFor(env));
    const where = `in server ${env.DISCORD_GUILD_IDS}`;
    expect(never.troubles).toContain(
      `warning Discord commands: The registered commands ${where} are not those of this configuration.`,
    );
    await register(configFor(env), silentLog);
    const other = await found(configFor({ ...env, KAGENT_ROUTES: "k8s=k8s-agent,ops=k8s-agent" }));
    expect(other.troubles).toHaveLength(2);
  });

  it("names agents that are missing, not ready or free to change things", async () => {
    const { kagent, env } = await createSetting();
    const other = await startKagent({
      agents: [
        agent("k8s-agent", undefined, { runtime: "python", tools: ["k8s_scale", "k8s_get_events", "shell"] }),
        agent("istio-agents"),
      ],
      version: "0.10.0",
    });
    onTestFinished(() => other.stop());
    kagent.agent("k8s-agent").down();
    const clusters = {
      KAGENT_CLUSTERS: "dev,prod",
      KAGENT_DEV_BASE_URL: kagent.url,
      KAGENT_PROD_BASE_URL: other.url,
      KAGENT_PROD_TOKEN: "MARKER-token-of-prod",
      KAGENT_DEFAULT_CLUSTER: "prod",
      KAGENT_ROUTES: "k8s=k8s-agent,istio=istio-agent",
    };
    const { findings, troubles } = await found(configFor({ ...env, ...clusters }));
    expect(troubles.filter((line) => line.includes("kagent"))).toEqual([
      "warning kagent dev: agents: 1 agent found; not ready: kagent/k8s-agent.",
      "warning kagent dev: routes: /k8s asks kagent/k8s-agent, which is not ready.",
      "warning kagent dev: routes: /istio asks kagent/istio-agent, which is not there.",
      "problem kagent prod: approvals: Python agents of kagent 0.10.0 cannot resume after an approval: kagent/k8s-agent.",
      "warning kagent prod: tools: kagent/k8s-agent changes things without asking anybody: k8s_scale, shell.",
      "warning kagent prod: credentials: Python agents keep the headers of every call, the token among them, where whoever may read a session reads them: kagent/k8s-agent.",
      "problem kagent prod: routes: /istio asks kagent/istio-agent, which is not there.",
    ]);
    const advice = findings.find(
      ({ check, level }) => check === "kagent prod: routes" && level === "problem",
    );
    expect(advice?.advice).toMatch(/^Did you mean istio-agents or k8s-agent\?/);
  });

  it("looks at everything else when Discord and kagent cannot be reached", async () => {
    const { env } = await createSetting();
    const away = { DISCORD_API_URL: "http://127.0.0.1:9/api", KAGENT_BASE_URL: "http://127.0.0.1:9" };
    const { troubles, findings, exitCode } = await found(configFor({ ...env, ...away }));
    expect(troubles).toEqual([
      "problem Discord: Discord cannot be reached, so its intents, servers, permissions and commands were not looked at.",
      "warning audit trail: The audit trail is off: nobody can tell later who decided what.",
      "problem kagent default: kagent is not reachable (ECONNREFUSED).",
    ]);
    expect(findings.find(({ check }) => check === "store")?.level).toBe("ok");
    expect(exitCode).toBe(1);
  });

  it("ends in time when nobody answers", async () => {
    const { discord, kagent, env } = await createSetting();
    discord.faults.add({ method: "GET", route: /guilds/, times: 20 }, { kind: "hang", when: "before" });
    const began = Date.now();
    const { troubles } = await found(configFor(env), { limitMs: 1_200 });
    expect(Date.now() - began).toBeLessThan(6_000);
    expect(troubles.join("\n")).toContain("problem Discord servers: Discord gives no answer here");
    expect(kagent.runs()).toEqual([]);
  });

  it("says what refuses: the token of Discord, the credentials of kagent", async () => {
    const { kagent, env } = await createSetting();
    const closed = await startKagent({ agents: [agent("k8s-agent")], token: "MARKER-right-token" });
    onTestFinished(() => closed.stop());
    const wrong = {
      DISCORD_BOT_TOKEN: "MARKER-wrong",
      KAGENT_BASE_URL: closed.url,
      KAGENT_TOKEN: "MARKER-bad",
    };
    const { troubles } = await found(configFor({ ...env, ...wrong }));
    expect(troubles).toEqual(
      expect.arrayContaining([
        "problem Discord token: Discord refuses the bot token.",
        "problem kagent default: agents: kagent does not accept the credentials (HTTP 401).",
      ]),
    );
    expect(kagent.runs()).toEqual([]);
  });

  it("tells when the machine's clock is wrong", async () => {
    const { env } = await createSetting();
    const late = { ...systemClock, now: () => Date.now() - 90_000 };
    const { troubles } = await found(configFor(env), { clock: late });
    expect(troubles).toContainEqual(
      expect.stringMatching(/^problem clock: .* (89|90|91) s behind Discord's\.$/),
    );
  });

  it("lists the mistakes of a configuration that cannot be used", async () => {
    const wrong = problemsOf(() => configOf({ KAGENT_BASE_URL: "kagent" }));
    const { troubles, exitCode } = await found(new ConfigError(wrong), {
      hints: ["KAGENT_BASE_UL: Nothing reads it."],
    });
    expect(troubles).toEqual([
      expect.stringMatching(/^problem configuration: KAGENT_BASE_URL: This is no http/),
      "warning configuration: KAGENT_BASE_UL: Nothing reads it.",
      "warning configuration: Nothing else was looked at.",
    ]);
    expect(exitCode).toBe(1);
  });

  it("looks into the file of NODE_EXTRA_CA_CERTS, which Node passes over in silence", async () => {
    const { env } = await createSetting();
    const config = configFor({ ...env, KAGENT_BASE_URL: "http://127.0.0.1:9" });
    const empty = await found(config, { authorities: "ca.pem" });
    expect(empty.troubles[0]).toContain(
      "The file of NODE_EXTRA_CA_CERTS cannot be read or holds no certificate.",
    );
    const pem = await found(config, {
      authorities: "ca.pem",
      readFile: () => "-----BEGIN CERTIFICATE-----\n",
    });
    expect(pem.findings[1]?.sentence).toBe("NODE_EXTRA_CA_CERTS adds 1 certificate.");
  });

  it("never prints a secret", async () => {
    const { env } = await createSetting();
    const secrets = {
      KAGENT_TOKEN: "MARKER-kagent-token",
      AUDIT_KEY: "MARKER-audit-key-of-32-characters",
      HTTPS_PROXY: "http://bot:MARKER-proxy-password@proxy.test:3128",
    };
    for (const away of [
      {},
      { DISCORD_API_URL: "http://127.0.0.1:9/api", KAGENT_BASE_URL: "http://127.0.0.1:9" },
    ]) {
      const config = configFor({ ...env, ...secrets, ...away, AUDIT_DIR: "/nowhere/at/all" });
      const { text } = await doctor({ ...PROCESS, config });
      expect(text).not.toContain("MARKER");
      expect(text).not.toContain(env.DISCORD_BOT_TOKEN);
    }
  });
});
