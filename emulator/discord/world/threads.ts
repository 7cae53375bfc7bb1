import { refuse } from "../errors.ts";
import {
  type Channel,
  type Guild,
  isThread,
  type Message,
  messageFlags,
  type ThreadState,
  type User,
} from "./model.ts";
import type { World } from "./world.ts";

export interface NewThread {
  readonly name: string;
  readonly kind: "public-thread" | "private-thread";
  readonly owner: User;
  readonly autoArchiveMinutes: number;
  readonly rateLimitPerUser?: number;
  readonly appliedTags?: readonly string[];
  readonly invitable?: boolean;
  /** The message it starts from: its id becomes the thread's. */
  readonly message?: Message;
}

export function activeThreads(world: World, guild: Guild): Channel[] {
  return [...world.channels.values()].filter(
    (channel) => channel.guildId === guild.id && isThread(channel) && !channel.thread.archived,
  );
}

/** Opens a thread. Throws 160006 when the guild has as many active threads as it may. */
export function createThread(
  world: World,
  parent: Channel,
  wanted: NewThread,
): Channel & { readonly thread: ThreadState } {
  const guild = world.guildOf(parent);
  if (!guild) throw refuse("wrongChannelType");
  if (activeThreads(world, guild).length >= world.activeThreads) throw refuse("tooManyThreads");
  const thread = makeThread(world, guild, parent, wanted);
  world.channels.set(thread.id, thread);
  if (wanted.message) {
    wanted.message.threadId = thread.id;
    wanted.message.flags |= messageFlags.hasThread;
  }
  planArchive(world, thread);
  world.emit({ kind: "channel-created", channel: thread });
  return thread;
}

function makeThread(
  world: World,
  guild: Guild,
  parent: Channel,
  wanted: NewThread,
): Channel & { readonly thread: ThreadState } {
  const now = world.clock.now();
  return {
    id: wanted.message?.id ?? world.nextId(),
    kind: wanted.kind,
    guildId: guild.id,
    parentId: parent.id,
    ownerId: wanted.owner.id,
    position: 0,
    recipients: [],
    name: wanted.name,
    overwrites: [],
    rateLimitPerUser: wanted.rateLimitPerUser ?? 0,
    tags: [],
    requiresTag: false,
    messages: new Map<string, Message>(),
    thread: {
      archived: false,
      locked: false,
      invitable: wanted.invitable ?? true,
      autoArchiveMinutes: wanted.autoArchiveMinutes,
      archiveChangedAt: now,
      lastActivityAt: now,
      createdAt: now,
      memberIds: new Set([wanted.owner.id]),
      appliedTags: wanted.appliedTags ?? [],
      messagesSent: 0,
    },
  };
}

export interface ThreadEdit {
  readonly name?: string;
  readonly archived?: boolean;
  readonly locked?: boolean;
  readonly autoArchiveMinutes?: number;
  readonly rateLimitPerUser?: number;
  readonly invitable?: boolean;
}

export function editThread(
  world: World,
  channel: Channel & { readonly thread: ThreadState },
  edit: ThreadEdit,
): void {
  const { thread } = channel;
  const wasArchived = thread.archived;
  if (edit.name !== undefined) channel.name = edit.name;
  if (edit.locked !== undefined) thread.locked = edit.locked;
  if (edit.invitable !== undefined) thread.invitable = edit.invitable;
  if (edit.autoArchiveMinutes !== undefined) thread.autoArchiveMinutes = edit.autoArchiveMinutes;
  if (edit.rateLimitPerUser !== undefined) channel.rateLimitPerUser = edit.rateLimitPerUser;
  if (edit.archived !== undefined) thread.archived = edit.archived;
  if (thread.archived !== wasArchived) {
    thread.archiveChangedAt = world.clock.now();
    thread.lastActivityAt = world.clock.now();
    planArchive(world, channel);
  }
  world.emit({ kind: "channel-edited", channel });
}

export function joinThread(
  world: World,
  channel: Channel & { readonly thread: ThreadState },
  user: User,
): void {
  if (channel.thread.memberIds.has(user.id)) return;
  channel.thread.memberIds.add(user.id);
  world.emit({ kind: "thread-joined", channel, user });
}

/** A message was sent: it wakes an archived thread up and makes its author a member. */
export function noteActivity(world: World, channel: Channel, message: Message): void {
  if (!isThread(channel)) return;
  channel.thread.lastActivityAt = message.createdAt;
  channel.thread.messagesSent += 1;
  // What comes through a webhook, as replies to interactions do, adds nobody.
  if (message.webhookId === undefined) channel.thread.memberIds.add(message.author.id);
  if (channel.thread.archived) editThread(world, channel, { archived: false });
}

function planArchive(world: World, channel: Channel & { readonly thread: ThreadState }): void {
  const { thread } = channel;
  if (thread.archived) return;
  const due = thread.lastActivityAt + thread.autoArchiveMinutes * 60_000;
  world.clock.after(due - world.clock.now(), () => {
    if (thread.archived || !world.channels.has(channel.id)) return;
    const quietSince = thread.lastActivityAt + thread.autoArchiveMinutes * 60_000;
    if (quietSince > world.clock.now()) planArchive(world, channel);
    else editThread(world, channel, { archived: true });
  });
}
