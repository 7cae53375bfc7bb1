import { z } from "zod";
import type { MessageAddress } from "../../conversation/prompt.ts";
import { readCustomId } from "../gateway/custom-id.ts";
import type { Scheduler } from "./scheduler.ts";

/** Messages that are looked through, from the newest on: one request brings them. */
const LOOKED_THROUGH = 100;

const Messages = z.array(z.looseObject({ id: z.string(), components: z.array(z.unknown()).catch([]) }));

/**
 * The newest message of a channel with controls of this request, which only the bot's own messages can have; undefined where
 * there is none, or nobody can tell.
 */
export async function findCard(
  scheduler: Scheduler,
  channelId: string,
  requestId: string,
): Promise<MessageAddress | undefined> {
  const outcome = await scheduler.request({
    kind: "other:messages",
    channelId,
    priority: "waiting",
    repeatable: true,
    call: () => ({
      method: "GET",
      path: `/channels/${channelId}/messages`,
      query: { limit: String(LOOKED_THROUGH) },
    }),
  });
  const messages = outcome.kind === "ok" ? (Messages.safeParse(outcome.body).data ?? []) : [];
  const found = messages.find(({ components }) => components.some((one) => hasControl(one, requestId)));
  return found && { channelId, messageId: found.id };
}

function hasControl(component: unknown, requestId: string): boolean {
  if (typeof component !== "object" || component === null) return false;
  const customId: unknown = Reflect.get(component, "custom_id");
  const action = typeof customId === "string" ? readCustomId(customId) : undefined;
  if (action && "requestId" in action && action.requestId === requestId) return true;
  const inner: unknown = Reflect.get(component, "components");
  return Array.isArray(inner) && inner.some((one) => hasControl(one, requestId));
}
