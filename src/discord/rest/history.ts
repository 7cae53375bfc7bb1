import { z } from "zod";
import type { Outcome } from "./request.ts";
import type { RequestKind } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Call } from "./wire.ts";

/** A message as Discord sends it; only discord.js reads the rest of it. */
export interface RawMessage {
  readonly id: string;
  readonly author: { readonly id: string };
}

/** A thread as it is listed. */
export interface ListedThread {
  readonly id: string;
  readonly ownerId: string | undefined;
  readonly parentId: string | undefined;
  readonly lastMessageId: string | undefined;
}

/** Reads what was missed: after everything else, and only as fast as Discord allows. Undefined: it cannot be read. */
export interface History {
  /** The threads of a server that the bot sees. */
  activeThreads(guildId: string): Promise<readonly ListedThread[] | undefined>;
  /** The public threads of a channel that were archived last, at most 50. */
  archivedThreads(channelId: string): Promise<readonly ListedThread[] | undefined>;
  /** At most 100 messages after an id, oldest first. */
  after(channelId: string, messageId: string): Promise<readonly RawMessage[] | undefined>;
  message(channelId: string, messageId: string): Promise<RawMessage | undefined>;
  /** A member of a server, as Discord sends it. */
  member(guildId: string, userId: string): Promise<unknown>;
}

/** Messages that one request brings, the most that Discord allows. */
export const PAGE = 100;

const ARCHIVE_PAGE = 50;

const Id = z.string().regex(/^\d{1,20}$/);
const Thread = z.object({
  id: Id,
  owner_id: Id.nullish(),
  parent_id: Id.nullish(),
  last_message_id: Id.nullish(),
});
const Threads = z.object({ threads: z.array(Thread) });
const Message = z.looseObject({ id: Id, author: z.looseObject({ id: Id }) });

/** Reads through a scheduler. Once the signal is aborted nothing can be read any more, and what waits is not waited for. */
export function createHistory(scheduler: Scheduler, signal: AbortSignal): History {
  async function get(
    kind: RequestKind,
    channelId: string,
    path: Call["path"],
    query: Readonly<Record<string, string>> = {},
  ): Promise<unknown> {
    const outcome = scheduler.request({
      kind,
      channelId,
      priority: "catch-up",
      repeatable: true,
      call: () => (signal.aborted ? undefined : { method: "GET", path, query }),
    });
    const known = await unlessAborted(outcome, signal);
    return known?.kind === "ok" ? known.body : undefined;
  }

  return {
    async activeThreads(guildId) {
      const body = await get("other:threads", guildId, `/guilds/${guildId}/threads/active`);
      return listed(body);
    },
    async archivedThreads(channelId) {
      const path = `/channels/${channelId}/threads/archived/public` as const;
      return listed(await get("other:threads", channelId, path, { limit: String(ARCHIVE_PAGE) }));
    },
    async after(channelId, messageId) {
      const query = { after: messageId, limit: String(PAGE) };
      const body = await get("other:messages", channelId, `/channels/${channelId}/messages`, query);
      return z.array(Message).safeParse(body).data?.toReversed();
    },
    async message(channelId, messageId) {
      const body = await get("other:message", channelId, `/channels/${channelId}/messages/${messageId}`);
      return Message.safeParse(body).data;
    },
    member: (guildId, userId) => get("other:member", guildId, `/guilds/${guildId}/members/${userId}`),
  };
}

function unlessAborted(outcome: Promise<Outcome>, signal: AbortSignal): Promise<Outcome | undefined> {
  return new Promise((resolve) => {
    const giveUp = () => resolve(undefined);
    if (signal.aborted) return giveUp();
    signal.addEventListener("abort", giveUp, { once: true });
    void outcome.then((known) => {
      signal.removeEventListener("abort", giveUp);
      resolve(known);
    });
  });
}

function listed(body: unknown): readonly ListedThread[] | undefined {
  return Threads.safeParse(body).data?.threads.map((one) => ({
    id: one.id,
    ownerId: one.owner_id ?? undefined,
    parentId: one.parent_id ?? undefined,
    lastMessageId: one.last_message_id ?? undefined,
  }));
}
