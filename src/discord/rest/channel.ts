import type { ButtonView } from "../view/message.ts";
import { createCall, editCall } from "./message-call.ts";
import type { Outcome } from "./request.ts";
import type { Priority } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";
import { reopen } from "./upkeep.ts";

/** A message to post beside the answers: a notice, a refusal, a question back. */
interface Notice {
  readonly content: string;
  readonly buttons?: readonly ButtonView[];
  /** A message of the same channel to reply to. */
  readonly replyTo?: string;
  /** At most 25 characters; a repeated post with the same nonce posts once. */
  readonly nonce: string;
  /** Asked at the moment of sending: false drops the request. */
  readonly wanted?: () => boolean;
}

/** How opening a thread went. `exists`: there is one from that message already, perhaps of an earlier try. */
type ThreadOpening =
  | { readonly kind: "opened"; readonly id: string }
  | { readonly kind: "exists"; readonly id: string; readonly ownerId: string | undefined }
  | { readonly kind: "refused"; readonly forbidden: boolean };

/** The plain things that happen in channels, all through the scheduler. */
export interface Channels {
  /** Posts; resolves with the message's id, or undefined when Discord refused. */
  post(channelId: string, notice: Notice, priority?: Priority): Promise<string | undefined>;
  edit(
    channelId: string,
    messageId: string,
    notice: Pick<Notice, "content" | "buttons" | "wanted">,
  ): Promise<boolean>;
  /** Opens a public thread from a message, or says that none can be opened at once. */
  openThread(channelId: string, messageId: string, name: string): Promise<ThreadOpening>;
  /** Takes a thread out of the archive, for a week where that may be asked for; false: Discord refused. */
  reopen(threadId: string): Promise<boolean>;
  /** Whether a person is in a server, as Discord says now; undefined when it cannot be learned. */
  isMember(guildId: string, userId: string): Promise<boolean | undefined>;
}

/** A week: threads stay in the channel list for as long as Discord allows. */
const AUTO_ARCHIVE_MINUTES = 10_080;
/** Thread creation can be refused for minutes by a limit that others share; then the answer comes in place. */
const THREAD_PATIENCE_MS = 2_000;
const THREAD_EXISTS = 160_004;
const MISSING_PERMISSIONS = 50_013;

/** Channel calls on a scheduler. */
export function createChannels(scheduler: Scheduler): Channels {
  /** Without Read Message History a reply is refused; the words matter more than the reference. */
  function create(channelId: string, notice: Notice, priority: Priority): Promise<Outcome> {
    const view = { content: notice.content, buttons: notice.buttons ?? [], files: [] };
    const { nonce, replyTo } = notice;
    const target = { channelId, nonce, ...(replyTo === undefined ? {} : { replyTo }) };
    return scheduler.request({
      kind: "create",
      channelId,
      priority,
      repeatable: true,
      call: () => (notice.wanted?.() === false ? undefined : createCall(view, target)),
    });
  }

  async function ownerOf(threadId: string): Promise<string | undefined> {
    const outcome = await scheduler.request({
      kind: "other:channel",
      channelId: threadId,
      priority: "acknowledgement",
      repeatable: true,
      call: () => ({ method: "GET", path: `/channels/${threadId}` }),
    });
    return outcome.kind === "ok" ? textOf(outcome.body, "owner_id") : undefined;
  }

  return {
    async post(channelId, notice, priority = "waiting") {
      const outcome = await create(channelId, notice, priority);
      const { replyTo: _, ...plain } = notice;
      const again = outcome.kind === "refused" && notice.replyTo !== undefined;
      const last = again ? await create(channelId, plain, priority) : outcome;
      return last.kind === "ok" ? idOf(last.body) : undefined;
    },
    async edit(channelId, messageId, { content, buttons, wanted }) {
      const view = { content, buttons: buttons ?? [], files: [] };
      const outcome = await scheduler.request({
        kind: "edit",
        channelId,
        priority: "aside",
        repeatable: true,
        call: () => (wanted?.() === false ? undefined : editCall(view, channelId, messageId, false)),
      });
      return outcome.kind === "ok";
    },
    async reopen(channelId) {
      // How long it stays open only its owner and moderators may say.
      for (const long of [true, false]) {
        const outcome = await reopen({ scheduler, channelId }, "waiting", long);
        if (outcome.kind === "ok") return true;
        if (outcome.kind !== "refused") return false;
      }
      return false;
    },
    async isMember(guildId, userId) {
      // A person waits for the answer, so it is asked twice at most, without the long pauses of a repetition.
      for (const _try of [1, 2]) {
        const outcome = await scheduler.request({
          kind: "other:member",
          channelId: guildId,
          priority: "acknowledgement",
          repeatable: false,
          call: () => ({ method: "GET", path: `/guilds/${guildId}/members/${userId}` }),
        });
        if (outcome.kind === "ok") return true;
        if (outcome.kind === "refused") return false;
      }
      return undefined;
    },
    async openThread(channelId, messageId, name) {
      const outcome = await scheduler.request({
        kind: "thread",
        channelId,
        priority: "acknowledgement",
        repeatable: true,
        patienceMs: THREAD_PATIENCE_MS,
        call: () => ({
          method: "POST",
          path: `/channels/${channelId}/messages/${messageId}/threads`,
          body: { name, auto_archive_duration: AUTO_ARCHIVE_MINUTES },
        }),
      });
      const id = outcome.kind === "ok" ? idOf(outcome.body) : undefined;
      if (id !== undefined) return { kind: "opened", id };
      const code = outcome.kind === "refused" ? outcome.code : undefined;
      // A thread has the id of the message it was opened from.
      if (code === THREAD_EXISTS) return { kind: "exists", id: messageId, ownerId: await ownerOf(messageId) };
      return { kind: "refused", forbidden: code === MISSING_PERMISSIONS };
    },
  };
}

function idOf(body: unknown): string | undefined {
  return textOf(body, "id");
}

function textOf(body: unknown, name: string): string | undefined {
  const value = typeof body === "object" && body !== null ? Reflect.get(body, name) : undefined;
  return typeof value === "string" ? value : undefined;
}
