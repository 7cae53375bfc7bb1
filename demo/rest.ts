import { textAt } from "../emulator/discord/json.ts";
import type { LocalDiscord } from "../emulator/discord/local-discord.ts";
import { componentTypes, flatten } from "../emulator/discord/rules/components.ts";
import type { Channel, Message } from "../emulator/discord/world/model.ts";

/** A place where nothing has changed for so long, and no answer is on its way, has come to rest. */
const CALM_MS = 1_500;
/** No answer of the demo's agents takes longer. */
const LONGEST_MS = 60_000;
const LOOK_MS = 50;
/** Discord shows for so long that somebody types, or until they post. */
const TYPING_MS = 10_000;

/** Resolves when the place that is looked at has come to rest, as people would judge it. */
export async function resting(discord: LocalDiscord, place: () => Channel): Promise<void> {
  const end = Date.now() + LONGEST_MS;
  let changed = Date.now();
  const typing = new Map<string, number>();
  const stopListening = discord.onChange((change) => {
    changed = Date.now();
    if (change.kind === "typing" && change.user.id === discord.botId) typing.set(change.channel.id, changed);
    if (change.kind === "message-created" && change.message.author.id === discord.botId) {
      typing.delete(change.channel.id);
    }
  });
  const isTyping = () => Date.now() - (typing.get(place().id) ?? 0) < TYPING_MS;
  const isCalm = () => Date.now() - changed >= CALM_MS && !isTyping() && !isAtWork(discord, place());
  while (!isCalm() && Date.now() < end) await after(LOOK_MS);
  stopListening();
}

/** Resolves after so many milliseconds. */
export function after(ms: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, ms));
}

function isAtWork(discord: LocalDiscord, place: Channel): boolean {
  const parent = place.parentId === undefined ? undefined : discord.world.channels.get(place.parentId);
  // A thread has the id of the message that it was opened from.
  const starter = parent?.messages.get(place.id);
  return [...discord.messages(place), ...(starter ? [starter] : [])].some(saysWorking);
}

function saysWorking(message: Message): boolean {
  const buttons = flatten(message.components).filter((one) => one.type === componentTypes.button);
  return buttons.some((one) => textAt(one, "label") === "Stop") || /^-# ⏳ working/m.test(message.content);
}
