import { z } from "zod";
import { approvalsSchema } from "./approval-schema.ts";
import { builtInSentence, isBuiltIn } from "./built-in.ts";
import { limitsSchema } from "./limits-schema.ts";
import { DISCORD_LOCALES } from "./locales.ts";
import { choice, count, flag, snowflakes, word } from "./schema-parts.ts";
import { readUrl } from "./url.ts";

/** How the file's `apiVersion` must read. */
const API_VERSION = "kagent-discord/v1";

const baseUrl = z
  .string()
  .check((payload) => {
    const read = readUrl(payload.value, "kagent-base");
    if ("sentence" in read)
      payload.issues.push({ code: "custom", input: payload.value, message: read.sentence });
  })
  .optional();
const protocol = choice(
  ["auto", "0.3", "1.0"],
  "auto",
  "A2A version to speak; `auto` asks the controller or the agent's card. Write versions in quotes.",
);
const headers = z
  .record(word("headerName"), word("headerValue"))
  .optional()
  .describe(
    `Static HTTP headers. "\${NAME}" within a value stands for that environment variable (or its "NAME_FILE").`,
  );
const description = z.string().min(1).max(100);
const agent = word("agent");
const cluster = word("cluster");

const clusterSchema = z.strictObject({
  name: cluster.describe("Name of the cluster, as people and agent patterns use it."),
  label: z.string().min(1).max(40).optional().describe("How it is shown; otherwise its name."),
  color: word("color").optional().describe('Colour that marks it, such as `"#d64545"`.'),
  production: flag(false, "Never chosen by words alone without a confirmation."),
  baseUrl: baseUrl.describe("Its own kagent controller; otherwise `kagent.baseUrl`."),
  protocol,
  headers,
});

const routeSchema = z.strictObject({
  command: word("command")
    .refine((name) => !isBuiltIn(name), { error: ({ input }) => builtInSentence(String(input)) })
    .describe("Name of the slash command, without the slash."),
  description: description.optional().describe("What the command is for, up to 100 characters."),
  descriptions: z
    .partialRecord(z.enum(DISCORD_LOCALES), description)
    .optional()
    .describe("The description in other languages, by Discord locale: `de: …`, `ja: …`."),
  agent: agent.describe("The agent it asks: `name`, or `namespace/name`."),
  cluster: cluster.optional().describe("The cluster it asks; otherwise as routing decides."),
  examples: z.array(z.string().min(1).max(200)).max(10).optional().describe("Example prompts."),
});

const bindingSchema = z.strictObject({
  channelId: word("snowflake").describe("The channel (or forum)."),
  agent: agent.describe("The agent that answers mentions and messages there."),
  cluster: cluster.optional().describe("The cluster it is asked on."),
});

const ruleSchema = z
  .strictObject({
    words: z
      .array(z.string().min(1).max(200).refine(isWordOrPattern, "This is no valid regular expression."))
      .min(1)
      .describe("Words in any case, or regular expressions written `/…/`; one of them is enough."),
    cluster: cluster.optional().describe("The cluster that they choose."),
    agent: agent.optional().describe("The agent that they choose."),
  })
  .refine(
    (rule) => rule.cluster !== undefined || rule.agent !== undefined,
    "A rule needs a cluster or an agent.",
  );

const accessRuleSchema = z
  .strictObject({
    agents: z
      .array(z.string().min(1))
      .optional()
      .describe('Agents that it guards, with `*`; default `["*"]`.'),
    clusters: z
      .array(z.string().min(1))
      .optional()
      .describe('Clusters that it guards, with `*`; default `["*"]`.'),
    roleIds: snowflakes("Roles that may use them."),
    userIds: snowflakes("People who may use them."),
  })
  .refine(
    (rule) => (rule.roleIds?.length ?? 0) + (rule.userIds?.length ?? 0) > 0,
    "A rule needs somebody who may pass: list roleIds or userIds.",
  );

/** Where the audit files are unless something else is said. */
export const AUDIT_DIR = "data/audit";

/** The whole configuration file. Every section may be left out. */
export const fileSchema = z.strictObject({
  apiVersion: z.literal(API_VERSION).optional().describe("Version of this format."),
  discord: z
    .strictObject({
      mentionOnly: flag(false, "Only mentions are prompts (`DISCORD_MENTION_ONLY`)."),
      notify: choice(["off", "requester"], "off", "Whom the end of a long answer pings."),
      feedback: flag(false, "Whether complete answers have buttons for thumbs up and down."),
    })
    .optional(),
  kagent: z
    .strictObject({
      baseUrl: baseUrl.describe("kagent's controller (`KAGENT_BASE_URL`)."),
      namespace: word("namespace").optional().meta({
        default: "kagent",
        description: "Where agents without a namespace are (`KAGENT_NAMESPACE`).",
      }),
      protocol,
      headers,
      agentPattern: word("agentPattern")
        .optional()
        .describe("One agent per cluster (`KAGENT_AGENT_PATTERN`)."),
      defaultCluster: cluster
        .optional()
        .describe("Asked where nothing else decides (`KAGENT_DEFAULT_CLUSTER`)."),
      defaultAgent: agent
        .optional()
        .describe("Asked where nothing else decides; otherwise the first route's agent."),
    })
    .optional(),
  clusters: z.array(clusterSchema).max(25).optional(),
  routes: z.array(routeSchema).max(80).optional(),
  bindings: z.array(bindingSchema).optional(),
  rules: z.array(ruleSchema).optional(),
  access: z
    .strictObject({
      guildIds: snowflakes("Guilds that are served (`DISCORD_GUILD_IDS`)."),
      channelIds: snowflakes("Channels where asking is allowed (`DISCORD_CHANNEL_ONLY`)."),
      directMessages: z
        .strictObject({
          enabled: flag(false, "Whether direct messages are prompts (`DISCORD_DIRECT_MESSAGES`)."),
          userIds: snowflakes("Only these people; otherwise everybody who may use the bot."),
        })
        .optional(),
      botIds: snowflakes("Other bots that may ask."),
      rules: z.array(accessRuleSchema).optional().describe("Who may use which agents and clusters."),
    })
    .optional(),
  approvals: approvalsSchema.optional(),
  audit: z
    .strictObject({
      dir: z.string().min(1).optional().meta({
        default: AUDIT_DIR,
        description: "Directory of the audit files, or `off` (`AUDIT_DIR`).",
      }),
      stdout: flag(false, "Whether every record is printed to standard output too (`AUDIT_STDOUT`)."),
      arguments: flag(
        false,
        "Whether records hold the arguments of tools, not only their hash (`AUDIT_ARGUMENTS`).",
      ),
      maxFileMb: count(1, 1024, 16, "Size in MiB at which a new file begins."),
    })
    .optional(),
  catchUp: z
    .strictObject({
      mode: choice(
        ["list", "run", "off"],
        "list",
        "Prompts that came while the bot was down: offer them with a button, run them, or leave them.",
      ),
      windowMinutes: count(1, 1440, 60, "How far back it looks for them."),
    })
    .optional(),
  limits: limitsSchema.optional(),
});

/** The configuration file as it was read. */
export type FileConfig = z.output<typeof fileSchema>;

function isWordOrPattern(word: string): boolean {
  const pattern = /^\/(.+)\/$/s.exec(word)?.[1];
  if (pattern === undefined) return true;
  try {
    return new RegExp(pattern, "iu").source !== "";
  } catch {
    return false;
  }
}
