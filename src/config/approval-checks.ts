import { matchesGlob } from "../conversation/glob.ts";
import { type ConfigInput, noCluster } from "./input.ts";
import type { FileConfig } from "./schema.ts";

type FileApprovals = NonNullable<FileConfig["approvals"]>;
type FileRule = NonNullable<FileApprovals["rules"]>[number];

/** An agent's questions; only a rule that names them in full is about them. */
const QUESTIONS = "ask_user";

/** What only makes sense where people decide. */
const FOR_PEOPLE = [
  "roleIds",
  "userIds",
  "count",
  "distinctRoles",
  "askerMayApprove",
  "directMessages",
] as const;

/** Reports rules that say two things at once, that nobody could ever fulfil, or that never count. */
export function checkRules(
  input: ConfigInput,
  rules: readonly FileRule[],
  clusters: readonly string[],
): void {
  for (const [index, rule] of rules.entries()) {
    const problem = (path: readonly PropertyKey[], sentence: string) =>
      input.fileProblem(["approvals", "rules", index, ...path], sentence);
    if ((rule.effect ?? "ask") === "ask") checkDeciders(rule, problem);
    else checkEffect(rule, problem);
    for (const [position, glob] of (rule.clusters ?? []).entries()) {
      if (input.file.broken.has("clusters") || clusters.some((name) => matchesGlob(glob, name))) continue;
      problem(["clusters", position], noCluster(glob, clusters));
    }
    const before = rules.slice(0, index).findIndex((earlier) => covers(earlier, rule));
    if (before !== -1)
      problem(
        [],
        `This rule never counts: rule ${before + 1} matches all of it, and the first that matches counts.`,
      );
  }
}

/** Reports a reminder that nobody would see. */
export function checkReminder({ fileProblem }: ConfigInput, approvals: FileApprovals): void {
  const { remindAfterMinutes, channelId, expiresAfterMinutes = 1440 } = approvals;
  if (remindAfterMinutes === undefined) return;
  const path = ["approvals", "remindAfterMinutes"];
  if (channelId === undefined)
    fileProblem(path, "The reminder goes to approvals.channelId, which is not set.");
  else if (remindAfterMinutes >= expiresAfterMinutes)
    fileProblem(path, `By then a request has expired: it waits ${expiresAfterMinutes} minutes.`);
}

type Report = (path: readonly PropertyKey[], sentence: string) => void;

function checkDeciders(rule: FileRule, problem: Report): void {
  const roles = new Set(rule.roleIds).size;
  const users = new Set(rule.userIds).size;
  const { count = 1 } = rule;
  if (rule.directMessages && users === 0)
    problem(["directMessages"], "Nobody has a role in direct messages: list userIds too.");
  if (roles + users === 0) {
    problem(
      [],
      "A rule that asks needs somebody who decides: list roleIds or userIds, or set effect to allow or deny.",
    );
  } else if (rule.distinctRoles && count < 2) {
    problem(["distinctRoles"], "One approval comes from one role: set count to at least 2.");
  } else if (rule.distinctRoles && roles < count) {
    problem(
      ["distinctRoles"],
      `It needs as many roles as approvals: ${count} approvals, ${roles} in roleIds.`,
    );
  } else if (roles === 0 && users < count) {
    problem(["count"], `It can never be reached: ${count} approvals, ${users} in userIds.`);
  }
}

function checkEffect(rule: FileRule, problem: Report): void {
  for (const key of FOR_PEOPLE) {
    if (rule[key] === undefined) continue;
    problem([key], `With the effect ${rule.effect} nobody is asked: leave ${key} out, or set effect to ask.`);
  }
  const position = rule.tools?.indexOf(QUESTIONS) ?? -1;
  if (position !== -1)
    problem(
      ["tools", position],
      `A rule cannot answer questions, and not every agent lets them be refused: ${QUESTIONS} needs the effect ask.`,
    );
}

/** Whether every request that `later` matches is matched by `earlier` too. */
function covers(earlier: FileRule, later: FileRule): boolean {
  const includesAll = (key: "agents" | "clusters" | "tools") => {
    const globs = earlier[key] ?? ["*"];
    // A glob that matches another glob's text matches whatever that one does.
    const isCovered = (glob: string) =>
      key === "tools" && glob === QUESTIONS
        ? globs.includes(QUESTIONS)
        : globs.some((one) => matchesGlob(one, glob));
    return (later[key] ?? ["*"]).every(isCovered);
  };
  return includesAll("agents") && includesAll("clusters") && includesAll("tools");
}
