import { PermissionFlagsBits as Bits } from "discord.js";

/** One permission that the bot needs. */
export interface NeededPermission {
  /** As Discord's own pages call it, in English. */
  readonly name: string;
  readonly bit: bigint;
  readonly why: string;
  /** What happens without it. */
  readonly without: string;
  /** Whether hardly anything works without it. */
  readonly vital: boolean;
}

/** Everything that the bot needs and nothing more; docs/discord-setup.md explains the same list. */
export const NEEDED_PERMISSIONS: readonly NeededPermission[] = [
  {
    name: "View Channels",
    bit: Bits.ViewChannel,
    why: "to see a channel and hear its messages",
    without: "mentions there are not heard and commands are refused",
    vital: true,
  },
  {
    name: "Send Messages",
    bit: Bits.SendMessages,
    why: "answers and refusals in channels",
    without: "nothing can be answered where no thread can be opened",
    vital: true,
  },
  {
    name: "Attach Files",
    bit: Bits.AttachFiles,
    why: "files from agents, and answer.md of very long answers",
    without: "files do not come, and the end of an answer that has one may stay unseen",
    vital: false,
  },
  {
    name: "Read Message History",
    bit: Bits.ReadMessageHistory,
    why: "to answer as a reply, and to read the message that you reply to",
    without: "answers come without the reply arrow, and what somebody replies to does not go along",
    vital: false,
  },
  {
    name: "Create Public Threads",
    bit: Bits.CreatePublicThreads,
    why: "a thread for each question",
    without: "the answer comes in the channel",
    vital: false,
  },
  {
    name: "Send Messages in Threads",
    bit: Bits.SendMessagesInThreads,
    why: "the answer in the thread",
    without: "the answer comes in the channel",
    vital: false,
  },
];

/** The sum of their bits, as an invitation carries it. */
export const NEEDED_BITS: bigint = NEEDED_PERMISSIONS.reduce((sum, { bit }) => sum | bit, 0n);

/** A role, as far as it decides about permissions. */
interface PermissionRole {
  readonly id: string;
  readonly permissions: bigint;
}

/** What a channel changes. */
export interface PermissionOverwrite {
  /** Of a role or of a member; the guild's own id stands for everybody. */
  readonly id: string;
  readonly allow: bigint;
  readonly deny: bigint;
}

/** A member of a guild and what the guild lets it do. */
export interface Membership {
  readonly guildId: string;
  readonly ownerId: string;
  readonly userId: string;
  readonly roleIds: readonly string[];
  readonly roles: readonly PermissionRole[];
  /** The member may neither write nor react for now. */
  readonly timedOut: boolean;
}

const ALL = (1n << 53n) - 1n;
/** What is left to somebody who is timed out. */
const SILENCED = Bits.ViewChannel | Bits.ReadMessageHistory;

/**
 * What a member may do in a channel with these overwrites (a thread has its parent's); without them, in the guild at large.
 * In Discord's order: https://docs.discord.com/developers/topics/permissions#permission-overwrites
 */
export function permissionsOf(member: Membership, overwrites: readonly PermissionOverwrite[] = []): bigint {
  const base = basePermissions(member);
  if (base === ALL) return ALL;
  const ofRoles = overwrites.filter(({ id }) => id !== member.guildId && member.roleIds.includes(id));
  const steps = [
    overwrites.filter(({ id }) => id === member.guildId),
    ofRoles,
    overwrites.filter(({ id }) => id === member.userId),
  ];
  const bits = steps.reduce((sum, step) => (sum & ~union(step, "deny")) | union(step, "allow"), base);
  if ((bits & Bits.ViewChannel) === 0n) return 0n;
  return member.timedOut ? bits & SILENCED : bits;
}

/** Whether a set of permissions is that of an administrator or an owner. */
export function isEverything(bits: bigint): boolean {
  return bits === ALL;
}

function basePermissions({ guildId, ownerId, userId, roleIds, roles }: Membership): bigint {
  if (ownerId === userId) return ALL;
  const bits = roles
    .filter(({ id }) => id === guildId || roleIds.includes(id))
    .reduce((sum, { permissions }) => sum | permissions, 0n);
  return (bits & Bits.Administrator) === 0n ? bits : ALL;
}

function union(overwrites: readonly PermissionOverwrite[], side: "allow" | "deny"): bigint {
  return overwrites.reduce((sum, one) => sum | one[side], 0n);
}
