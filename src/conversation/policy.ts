import { type Decision as Access, type AccessConfig, isServedGuild, type Presence } from "./access.ts";
import type { AgentRef } from "./agent-ref.ts";
import type { RequestItem } from "./approval.ts";
import { matchesGlob } from "./glob.ts";
import type { Actor } from "./place.ts";

/** What happens to an operation: people decide, or the rule itself does. */
type RuleEffect = "ask" | "allow" | "deny";

/** Who decides about which operations. The first rule whose globs (`*` any text) match counts. */
export interface ApprovalRule {
  /** Globs over `name` or `namespace/name`; for a sub-agent's operation either of the two agents may match. */
  readonly agents: readonly string[];
  readonly clusters: readonly string[];
  readonly tools: readonly string[];
  readonly effect: RuleEffect;
  readonly roleIds: readonly string[];
  readonly userIds: readonly string[];
  /** Different people who must approve; one rejection is enough. */
  readonly count: number;
  /** The approvers must hold different roles of this rule. */
  readonly distinctRoles: boolean;
  readonly askerMayApprove: boolean;
  /** Whether its people may decide in direct messages. */
  readonly directMessages: boolean;
  /** Milliseconds; absent: as the configuration says. */
  readonly expiresAfterMs?: number;
}

/** All that is configured about approvals. */
export interface ApprovalConfig {
  /** Empty: members with Manage Server decide. */
  readonly rules: readonly ApprovalRule[];
  /** Milliseconds until a request is rejected because nobody decided. */
  readonly expiresAfterMs: number;
  /** A channel that hears of every request. */
  readonly channelId?: string;
  /** Milliseconds after which that channel is reminded, once, with a ping of the deciding roles. */
  readonly remindAfterMs?: number;
}

/** What guards one item; kept with its card, so that a change of the configuration can only make it stricter. */
export interface Guard {
  readonly basis: "rule" | "manager" | "anyone" | "nobody";
  readonly effect: RuleEffect;
  readonly roleIds: readonly string[];
  readonly userIds: readonly string[];
  readonly count: number;
  readonly distinctRoles: boolean;
  readonly askerMayApprove: boolean;
  readonly directMessages: boolean;
  readonly expiresAfterMs: number;
}

/** Somebody who wants to decide, from where: as the click itself says. */
export interface Decider {
  readonly actor: Actor;
  /** Absent in direct messages. */
  readonly guildId?: string;
}

const OPEN = { roleIds: [], userIds: [], count: 1, distinctRoles: false, effect: "ask" } as const;

/**
 * What guards an item of a request of this agent. A question set is no operation: whoever may ask the agent may
 * answer it, unless a rule names the tool `ask_user` in full.
 */
export function guardFor(config: ApprovalConfig, agent: AgentRef, item: RequestItem): Guard {
  const { expiresAfterMs } = config;
  const rule = config.rules.find((one) => matches(one, agent, item));
  if (rule) return { ...rule, basis: "rule", expiresAfterMs: rule.expiresAfterMs ?? expiresAfterMs };
  if (item.kind === "questions")
    return { ...OPEN, basis: "anyone", askerMayApprove: true, directMessages: true, expiresAfterMs };
  const basis = config.rules.length === 0 ? "manager" : "nobody";
  return { ...OPEN, basis, askerMayApprove: basis === "manager", directMessages: false, expiresAfterMs };
}

/** What `mayDecide` has to know beside the guards and the person. */
export interface DecidingContext {
  readonly access: AccessConfig;
  readonly presence: Presence;
  /** Everybody who prompted in this context since it began. */
  readonly askerIds: readonly string[];
}

/**
 * The one answer to "may this person decide this?", for buttons, forms, selects and commands. All guards must agree:
 * the one of the card's time and the one that counts now.
 */
export function mayDecide(guards: readonly Guard[], decider: Decider, context: DecidingContext): Access {
  const { actor, guildId } = decider;
  if (actor.bot) return refused("Bots cannot decide.");
  if (guildId !== undefined && !isServedGuild(context.access, context.presence, guildId))
    return refused("This bot does not serve this server, so nothing can be decided here.");
  const refusals = guards.flatMap((guard) => refusalOf(guard, decider, context.askerIds) ?? []);
  const [first] = refusals;
  return first === undefined ? { allowed: true } : refused(first);
}

function refusalOf(
  guard: Guard,
  { actor, guildId }: Decider,
  askerIds: readonly string[],
): string | undefined {
  if (guildId === undefined && !guard.directMessages)
    return "This cannot be decided in direct messages. Decide in the server, or ask an operator for a rule that allows it.";
  if (guard.effect === "deny") return "An operator's rule forbids this operation; nobody can allow it.";
  if (guard.basis === "nobody")
    return "No approval rule covers this operation, so nobody may decide it. An operator can add a rule; a server manager can stop the run.";
  if (guard.basis === "manager" && !actor.manager)
    return "Only members with Manage Server may decide this. Ask one of them.";
  if (guard.basis === "rule" && !isNamed(guard, actor)) return onlyFor(guard);
  if (!guard.askerMayApprove && askerIds.includes(actor.id))
    return "You prompted in this conversation, so somebody else has to decide this.";
  return undefined;
}

/** Whether a guard names this person, or a role of theirs. */
export function isNamed(guard: Guard, actor: Pick<Actor, "id" | "roleIds">): boolean {
  return guard.userIds.includes(actor.id) || actor.roleIds.some((id) => guard.roleIds.includes(id));
}

function onlyFor({ roleIds, userIds }: Guard): string {
  const names = [...roleIds.map((id) => `<@&${id}>`), ...userIds.map((id) => `<@${id}>`)];
  return `Only ${names.join(", ")} may decide this. Ask one of them.`;
}

function matches(rule: ApprovalRule, agent: AgentRef, item: RequestItem): boolean {
  if (!rule.clusters.some((glob) => matchesGlob(glob, agent.cluster))) return false;
  const names = [
    agent.name,
    `${agent.namespace}/${agent.name}`,
    ...(item.via ? viaNames(item.via.name) : []),
  ];
  if (!rule.agents.some((glob) => names.some((name) => matchesGlob(glob, name)))) return false;
  if (item.kind === "questions") return rule.tools.includes("ask_user");
  return rule.tools.some((glob) => matchesGlob(glob, item.tool));
}

function viaNames(name: string): readonly string[] {
  return [name, name.slice(name.indexOf("/") + 1)];
}

function refused(sentence: string): Access {
  return { allowed: false, sentence };
}
