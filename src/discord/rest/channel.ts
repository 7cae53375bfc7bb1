import type { ButtonView } from "../view/message.ts";
import { createCall, editCall } from "./message-call.ts";
import type { Outcome } from "./request.ts";
import type { Priority } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";

/** A message to post beside the answers: a notice, a refusal, a question back. */
export interface Notice {
  readonly content: string;
  readonly buttons?: readonly ButtonView[];
  /** A message of the same channel to reply to. */
  readonly replyTo?: string;
  /** At most 25 characters; a repeated post with the same nonce posts once. */
  readonly nonce: string;
  /** Asked at the moment of sending: false drops the request. */
  readonly wanted?: () => boolean;
}

/** The plain things that happen in channels, all through the scheduler. */
export interface Channels {
  /** Posts; resolves with the message's id, or undefined when Discord refused. */
  post(channelId: string, notice: Notice, priority?: Priority): Promise<string | undefined>;
  edit(
    channelId: string,
    messageId: string,
    notice: Pick<Notice, "content" | "buttons" | "wanted">,
  ): Promise<boolean>;
  /** Opens a public thread from a message; resolves with its id, or undefined where none can be opened at once. */
  openThread(channelId: string, messageId: string, name: string): Promise<string | undefined>;
  /** Whether a person is in a server; false when it cannot be learned. */
  isMember(guildId: string, userId: string): Promise<boolean>;
}

/** A week: threads stay in the channel list for as long as Discord allows. */
const AUTO_ARCHIVE_MINUTES = 10_080;
/** Thread creation can be refused for minutes by a limit that others share; then the answer comes in place. */
const THREAD_PATIENCE_MS = 2_000;
const THREAD_EXISTS = 160_004;

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
    async isMember(guildId, userId) {
      const outcome = await scheduler.request({
        kind: "other:member",
        channelId: guildId,
        priority: "acknowledgement",
        repeatable: true,
        call: () => ({ method: "GET", path: `/guilds/${guildId}/members/${userId}` }),
      });
      return outcome.kind === "ok";
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
      if (outcome.kind === "ok") return idOf(outcome.body);
      // A thread has the id of the message it was opened from: an earlier try, or somebody else, was there first.
      return outcome.kind === "refused" && outcome.code === THREAD_EXISTS ? messageId : undefined;
    },
  };
}

function idOf(body: unknown): string | undefined {
  const id = typeof body === "object" && body !== null ? Reflect.get(body, "id") : undefined;
  return typeof id === "string" ? id : undefined;
}
