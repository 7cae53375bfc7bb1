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

/** Takes a thread out of the archive, so that its messages can be edited again. */
export function reopen({ scheduler, channelId }: Channel, priority: Priority): Promise<Outcome> {
  const path = `/channels/${channelId}` as const;
  const call = (): Call => ({ method: "PATCH", path, body: { archived: false } });
  return scheduler.request({ kind: "other:channel", channelId, priority, repeatable: true, call });
}
