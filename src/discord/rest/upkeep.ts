import { deleteCall } from "./message-call.ts";
import type { Outcome, Ticket } from "./request.ts";
import type { Priority } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Call } from "./wire.ts";

interface Channel {
  readonly scheduler: Scheduler;
  readonly channelId: string;
}

/** Removes one of our own messages, unless by then it is no longer `unwanted`. */
export function discard(
  { scheduler, channelId }: Channel,
  messageId: string,
  unwanted: () => boolean = () => true,
): Ticket {
  const call = (inDoubt: boolean) => (inDoubt || unwanted() ? deleteCall(channelId, messageId) : undefined);
  return scheduler.enqueue({ kind: "delete", channelId, priority: "waiting", repeatable: true, call });
}

/** How long a thread stays open that nobody writes in, in minutes; the longest that Discord allows. */
const LONGEST_OPEN = 10_080;

/** Takes a thread out of the archive, so that its messages can be edited again; `long`: for a week. */
export function reopen(
  { scheduler, channelId }: Channel,
  priority: Priority,
  long = false,
): Promise<Outcome> {
  const path = `/channels/${channelId}` as const;
  const body = { archived: false, ...(long ? { auto_archive_duration: LONGEST_OPEN } : {}) };
  const call = (): Call => ({ method: "PATCH", path, body });
  return scheduler.request({ kind: "other:channel", channelId, priority, repeatable: true, call });
}
