import { deleteCall } from "./message-call.ts";
import type { Outcome, Ticket } from "./request.ts";
import type { Priority } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";
import type { Call } from "./wire.ts";

interface Channel {
  readonly scheduler: Scheduler;
  readonly channelId: string;
}

/** Removes one of our own messages. */
export function discard({ scheduler, channelId }: Channel, messageId: string): Ticket {
  const call = () => deleteCall(channelId, messageId);
  return scheduler.enqueue({ kind: "delete", channelId, priority: "waiting", repeatable: true, call });
}

/** Takes a thread out of the archive, so that its messages can be edited again. */
export function reopen({ scheduler, channelId }: Channel, priority: Priority): Promise<Outcome> {
  const path = `/channels/${channelId}` as const;
  const call = (): Call => ({ method: "PATCH", path, body: { archived: false } });
  return scheduler.request({ kind: "other:channel", channelId, priority, repeatable: true, call });
}
