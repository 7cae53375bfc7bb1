import type { Message, User } from "./model.ts";
import type { World } from "./world.ts";

export function react(world: World, message: Message, user: User, emoji: string): void {
  const reaction = message.reactions.get(emoji) ?? { emoji, userIds: new Set<string>() };
  message.reactions.set(emoji, reaction);
  if (reaction.userIds.has(user.id)) return;
  reaction.userIds.add(user.id);
  world.emit({ kind: "reaction", added: true, message, user, emoji });
}

export function unreact(world: World, message: Message, user: User, emoji: string): void {
  const reaction = message.reactions.get(emoji);
  if (!reaction?.userIds.delete(user.id)) return;
  if (reaction.userIds.size === 0) message.reactions.delete(emoji);
  world.emit({ kind: "reaction", added: false, message, user, emoji });
}
