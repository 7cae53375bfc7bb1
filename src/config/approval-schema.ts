import { z } from "zod";
import { choice, flag, snowflakes, word } from "./schema-parts.ts";

/** The longest that anything may wait: 30 days. */
const LONGEST_MINUTES = 43_200;

const globs = (what: string) =>
  z.array(z.string().min(1)).min(1).optional().describe(`${what}, with \`*\`; default \`["*"]\`.`);
const minutes = (description: string) => z.int().min(1).max(LONGEST_MINUTES).optional().describe(description);

const ruleSchema = z.strictObject({
  agents: globs("Agents that it is about (`name` or `namespace/name`)"),
  clusters: globs("Clusters that it is about"),
  tools: globs("Tools that it is about; `ask_user` (an agent's questions) only when named in full"),
  effect: choice(["ask", "allow", "deny"], "ask", "People decide, or the rule itself approves or rejects."),
  roleIds: snowflakes("Roles that decide."),
  userIds: snowflakes("People who decide."),
  count: z.int().min(1).max(25).optional().meta({
    default: 1,
    description: "How many different people must approve; one rejection is enough to reject.",
  }),
  distinctRoles: flag(false, "They must hold different roles of `roleIds`."),
  askerMayApprove: flag(false, "Whether those who prompted in the conversation may approve."),
  directMessages: flag(false, "Whether it can be decided in direct messages."),
  expiresAfterMinutes: minutes("When nobody decided, it is rejected; otherwise as for all."),
});

/** The section `approvals`. */
export const approvalsSchema = z.strictObject({
  rules: z
    .array(ruleSchema)
    .optional()
    .describe(
      "Who decides about what; the first rule that matches counts. None: members with Manage Server decide.",
    ),
  expiresAfterMinutes: z.int().min(1).max(LONGEST_MINUTES).optional().meta({
    default: 1440,
    description: "A request that nobody decided is rejected after this long.",
  }),
  channelId: word("snowflake").optional().describe("A channel that hears of every request."),
  remindAfterMinutes: minutes(
    "When that channel is reminded, once, with a ping of the deciding roles. Unset: never.",
  ),
});
