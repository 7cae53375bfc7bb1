import type { AgentRef } from "./agent-ref.ts";
import type { Actor, Place } from "./place.ts";

/** A file that a person attached; it is downloaded only when its prompt starts. */
export interface PromptFile {
  readonly name: string;
  readonly mediaType: string;
  /** Bytes, as Discord says. */
  readonly size: number;
  readonly url: string;
}

/** A message by its ids: enough to edit it with the bot token for as long as it exists. */
export interface MessageAddress {
  readonly channelId: string;
  readonly messageId: string;
}

/** A question on its way to an agent. Its id becomes the turn's id. Plain data: it waits in the store. */
export interface Prompt {
  readonly id: string;
  readonly place: Place;
  readonly agent: AgentRef;
  readonly actor: Actor;
  /** What the person typed. */
  readonly text: string;
  /** Other people's words that go along, already quoted with author and link. */
  readonly material?: string;
  readonly files: readonly PromptFile[];
  /** The message that asked, where there is one in this place. */
  readonly discordMessageId?: string;
  /** The person's own message, wherever it was said. */
  readonly source?: MessageAddress;
  /** The answer is a reply to that message, as it is in a channel: others talk in this thread too. */
  readonly asReply?: boolean;
  /** The public reply in the parent channel that shows this conversation's state. */
  readonly starter?: MessageAddress;
  /** Where people read this prompt, for a run that only follows from it: a sub-agent's. */
  readonly promptMessage?: MessageAddress;
  /** That public reply says itself that the prompt waits, and for what. */
  readonly starterWaits?: boolean;
  /** The agent that was asked here until this prompt named another one. */
  readonly previousAgent?: AgentRef;
  /** The message that says that this prompt waits; it becomes the first message of the answer. */
  readonly shownId?: string;
  /** W3C `traceparent` of what asked it, where that is traced. */
  readonly traceparent?: string;
  /** Milliseconds since the epoch. */
  readonly createdAt: number;
}

/** The message in which people read a prompt, for a link: what the person wrote, or the public reply that quotes a command. */
export function promptMessageOf(prompt: Prompt): MessageAddress | undefined {
  const { discordMessageId, place, promptMessage, source, starter } = prompt;
  if (promptMessage) return promptMessage;
  if (discordMessageId !== undefined) return { channelId: place.channelId, messageId: discordMessageId };
  return source ?? starter;
}
