import type { LocalDiscord } from "../emulator/discord/local-discord.ts";
import type { Channel, Message } from "../emulator/discord/world/model.ts";
import type { Sight } from "./figures.ts";

/** What people could read of one answer, as its thread changed. */
export interface Watcher {
  readonly sights: readonly Sight[];
  /** Whether the thread shows the whole answer and nothing of another. */
  isComplete(): boolean;
}

/** The message at the top of a thread that stands for the one it was opened from. */
const THREAD_STARTER = 21;

/** Watches the threads of a channel for an answer. */
export function watch(discord: LocalDiscord, channel: Channel, answer: string): Watcher {
  const sights: Sight[] = [];
  const expected = squeezed(answer);
  let complete = false;
  discord.onChange((change) => {
    if (!("message" in change) || !("channel" in change)) return;
    if (change.channel.parentId !== channel.id) return;
    const shown = squeezed(answerIn(discord.messages(change.channel), discord.botId));
    complete = shown === expected;
    sights.push({
      at: Date.now(),
      chars: complete ? answer.length : Math.min(answer.length - 1, toChars(commonLength(shown, expected))),
    });
  });
  return { sights, isComplete: () => complete };
}

/** The agent's words: our own lines are subtext. */
function answerIn(messages: readonly Message[], botId: string): string {
  return messages
    .filter((message) => message.type !== THREAD_STARTER && message.author.id === botId)
    .flatMap((message) => message.content.split("\n"))
    .filter((line) => !line.startsWith("-# "))
    .join("");
}

function squeezed(text: string): string {
  return text.replaceAll(/\s/g, "");
}

/** Words are 7 characters and a blank. */
function toChars(letters: number): number {
  return Math.floor(letters / 7) * 8 + (letters % 7);
}

function commonLength(one: string, other: string): number {
  let length = 0;
  while (length < one.length && one[length] === other[length]) length += 1;
  return length;
}
