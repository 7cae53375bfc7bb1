import type { ApprovalConfig, ApprovalRule } from "../conversation/policy.ts";
import { checkReminder, checkRules } from "./approval-checks.ts";
import type { ConfigInput } from "./input.ts";
import type { FileConfig } from "./schema.ts";

/** The section of the file. */
type FileApprovals = NonNullable<FileConfig["approvals"]>;

const MINUTE_MS = 60_000;

/** Reads who decides about what agents want to do. */
export function readApprovals(input: ConfigInput, clusters: readonly string[]): ApprovalConfig {
  const { env, file } = input;
  const approvals = file.config.approvals ?? {};
  const roleIds = env.list("APPROVER_ROLES", "snowflake");
  const listed = approvals.rules ?? [];
  if (roleIds && listed.length > 0) {
    const sentence =
      "It is one rule for everything, and the file has approvals.rules. Set only one of the two.";
    env.problem("APPROVER_ROLES", sentence);
  }
  checkRules(input, listed, clusters);
  checkReminder(input, approvals);
  const { channelId, remindAfterMinutes } = approvals;
  return {
    rules: roleIds ? [toRule({ roleIds: [...roleIds] })] : listed.map(toRule),
    expiresAfterMs: (approvals.expiresAfterMinutes ?? 1440) * MINUTE_MS,
    ...(channelId === undefined ? {} : { channelId }),
    ...(remindAfterMinutes === undefined ? {} : { remindAfterMs: remindAfterMinutes * MINUTE_MS }),
  };
}

function toRule(rule: NonNullable<FileApprovals["rules"]>[number]): ApprovalRule {
  const { expiresAfterMinutes } = rule;
  return {
    agents: rule.agents ?? ["*"],
    clusters: rule.clusters ?? ["*"],
    tools: rule.tools ?? ["*"],
    effect: rule.effect ?? "ask",
    roleIds: rule.roleIds ?? [],
    userIds: rule.userIds ?? [],
    count: rule.count ?? 1,
    distinctRoles: rule.distinctRoles ?? false,
    askerMayApprove: rule.askerMayApprove ?? false,
    directMessages: rule.directMessages ?? false,
    ...(expiresAfterMinutes === undefined ? {} : { expiresAfterMs: expiresAfterMinutes * MINUTE_MS }),
  };
}
