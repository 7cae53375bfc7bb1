import type { Waiting } from "../waiting.ts";
import type { MessageView } from "../wire/message.ts";
import type { Channel, Message, User } from "../world/model.ts";
import { sees } from "../world/permissions.ts";
import type { World } from "../world/world.ts";

/** What people act in. */
export interface PersonParts {
  readonly world: World;
  readonly waiting: Waiting;
  readonly view: () => MessageView;
}

/** The channel of a message that is still there. */
export function channelOf(world: World, message: Message): Channel {
  const channel = world.channels.get(message.channelId);
  if (!channel || message.deleted) throw new Error("this message is gone");
  return channel;
}

export function needSight(world: World, user: User, channel: Channel): void {
  if (!sees(world, channel, user)) throw new Error(`${user.displayName} does not see #${channel.name}`);
}
