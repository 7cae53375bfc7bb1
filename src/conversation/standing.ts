import { type Guard, isNamed } from "./policy.ts";

/** What somebody who was entitled said about an item; `roleIds` are all roles that they had at that moment. */
export interface Vote {
  readonly itemId: string;
  readonly actorId: string;
  readonly actorName: string;
  readonly roleIds: readonly string[];
  /** They had Manage Server. */
  readonly manager?: boolean;
  readonly approved: boolean;
  readonly reason?: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
}

/** How an item stands, and the votes that make it so: none where a rule does. `needed`: approvals that are still missing. */
export type Standing = { readonly votes: readonly Vote[] } & (
  | { readonly state: "approved" }
  | { readonly state: "rejected"; readonly reason?: string }
  | { readonly state: "open"; readonly needed: number }
);

const DENIED = "A rule of the operator forbids this operation.";

/**
 * How one item stands under all its guards. A person counts once, and one rejection ends it. An approval counts while every
 * guard would let its person approve: a rule that changed since may have become stricter.
 */
export function standingOf(
  guards: readonly Guard[],
  votes: readonly Vote[],
  askerIds: readonly string[],
): Standing {
  if (guards.some((guard) => guard.effect === "deny"))
    return { state: "rejected", reason: DENIED, votes: [] };
  const asking = guards.filter((guard) => guard.effect === "ask");
  if (asking.length === 0) return { state: "approved", votes: [] };
  const rejection = votes.find((vote) => !vote.approved);
  if (rejection) {
    const { reason } = rejection;
    return { state: "rejected", votes: [rejection], ...(reason === undefined ? {} : { reason }) };
  }
  const counted = votes.filter(
    (vote, index) =>
      votes.findIndex((other) => other.actorId === vote.actorId) === index &&
      asking.every((guard) => counts(guard, vote, askerIds)),
  );
  const needed = Math.max(...asking.map((guard) => missing(guard, counted)));
  return needed === 0 ? { state: "approved", votes: counted } : { state: "open", needed, votes: counted };
}

function counts(guard: Guard, { actorId, roleIds, manager }: Vote, askerIds: readonly string[]): boolean {
  if (!guard.askerMayApprove && askerIds.includes(actorId)) return false;
  if (guard.basis === "manager") return manager === true;
  if (guard.basis === "rule") return isNamed(guard, { id: actorId, roleIds });
  return guard.basis === "anyone";
}

function missing(guard: Guard, approvals: readonly Vote[]): number {
  const counted = guard.distinctRoles ? distinctRoles(guard, approvals) : approvals.length;
  return Math.max(0, guard.count - counted);
}

/** The most approvers to whom different roles of the guard can be given (augmenting paths). */
function distinctRoles(guard: Guard, approvals: readonly Vote[]): number {
  const holder = new Map<string, Vote>();
  function place(vote: Vote, tried: Set<string>): boolean {
    for (const role of vote.roleIds) {
      if (!guard.roleIds.includes(role) || tried.has(role)) continue;
      tried.add(role);
      const other = holder.get(role);
      if (other && !place(other, tried)) continue;
      holder.set(role, vote);
      return true;
    }
    return false;
  }
  return approvals.filter((vote) => place(vote, new Set())).length;
}
