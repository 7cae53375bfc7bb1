import type { Store } from "../../conversation/ports.ts";
import type { MessageAddress, Prompt } from "../../conversation/prompt.ts";
import type { TurnRow } from "../../conversation/turn-row.ts";
import type { Surroundings } from "./surroundings.ts";

/** The ids of people's messages whose prompts are stored: they wait, run, were asked, or wait for a click. */
export type KnownMessages = () => Promise<ReadonlySet<string>>;

/** Where prompts are stored. */
export interface PromptRows {
  readonly queue: Store<Prompt>;
  readonly turns: Store<TurnRow>;
  readonly asked: Store<Prompt>;
}

/** Reads what the store knows; `onUnfinished` hears of the messages that are still being dealt with. */
export function createKnownMessages(
  { pending }: Pick<Surroundings, "pending">,
  { queue, turns, asked }: PromptRows,
  onUnfinished: (message: MessageAddress) => void,
): KnownMessages {
  return async () => {
    const waiting = (await queue.list("")).map(({ value }) => value);
    const running = (await turns.list("")).map(({ value }) => value.prompt);
    const over = (await asked.list("")).map(({ value }) => value);
    for (const { source } of [...waiting, ...running]) if (source) onUnfinished(source);
    const prompts = [...waiting, ...running, ...over].map(
      (one) => one.source?.messageId ?? one.discordMessageId,
    );
    const clicks = (await pending.list("")).map(({ value }) => value.asked.messageId);
    return new Set([...prompts, ...clicks].filter((id) => id !== undefined));
  };
}
