import type { Actor } from "../../conversation/place.ts";
import type { Waiting } from "../../conversation/ports.ts";
import type { Prompt } from "../../conversation/prompt.ts";
import type { TurnState } from "../../conversation/turn.ts";
import type { ButtonView } from "./message.ts";
import { STATE_TEXTS } from "./outcome.ts";
import { oneLine, quotePrompt, safeInline, shorten, stripUnsafe } from "./safe-text.ts";

/** What the public reply to a question tells. */
export interface Starter {
  readonly prompt: string;
  readonly actor: Actor;
  /** The agent and its cluster for people, already safe. */
  readonly agent: string;
  readonly state: TurnState;
  /** It has not begun, and why. */
  readonly waiting?: Waiting;
  /** The agent that was asked here until now, already safe, where this question switches it. */
  readonly previousAgent?: string;
}

const MAX_QUOTE = 300;
const MAX_ACTOR = 40;
const MAX_THREAD_NAME = 80;
/** UTF-16 units of the prompt that a name is made from. */
const READ_FOR_NAME = 1000;

/** The public reply that quotes the prompt and says how it stands, so that the channel tells it without the thread. */
export function renderStarter({ prompt, actor, agent, state, waiting, previousAgent }: Starter): string {
  const asked = safeInline(shorten(oneLine(actor.name), MAX_ACTOR));
  const switched = previousAgent === undefined ? [] : [`-# switched here from ${previousAgent} to ${agent}`];
  const how = waiting === undefined ? STATE_TEXTS[state] : `⏳ ${waitingText(waiting)}`;
  return [
    `> ${quotePrompt(prompt, MAX_QUOTE)}`,
    ...switched,
    `-# ${[how, agent, ...(asked === "" ? [] : [`asked by ${asked}`])].join(" · ")}`,
  ].join("\n");
}

/** A prompt that waits for its turn, with a button that takes it back. */
export function renderQueued(
  waiting: Waiting,
  prompt: Pick<Prompt, "id" | "text">,
): { readonly content: string; readonly buttons: readonly ButtonView[] } {
  const why = waiting.kind === "position" ? `queued · position ${waiting.position}` : waitingText(waiting);
  return {
    content: `> ${quotePrompt(prompt.text, MAX_QUOTE)}\n-# ⏳ ${why}`,
    buttons: [removeButton(prompt.id)],
  };
}

/** Takes a prompt back that waits. */
export function removeButton(promptId: string): ButtonView {
  return { label: "Remove", customId: `unqueue:${promptId}`, style: "secondary" };
}

function waitingText(waiting: Waiting): string {
  return waiting.kind === "position"
    ? `queued (position ${waiting.position})`
    : "waiting: a stopped run is still going on at the agent · `/new` takes a fresh context instead";
}

/** What is left of a prompt that was taken back before it ran. */
export function renderRemoved(prompt: Pick<Prompt, "text">): string {
  return `> ${quotePrompt(prompt.text, MAX_QUOTE)}\n-# ✖ removed from the queue`;
}

/** A thread's name from its first prompt: one line without markup or mentions, at most 80 code points, never empty. */
export function threadName(prompt: string): string {
  const text = stripUnsafe(prompt.slice(0, READ_FOR_NAME).replaceAll(/\s+/g, " "))
    .replaceAll(/<(?:@[!&]?|#|a?:\w+:|t:|id:)[\w:]*>/g, " ")
    .replaceAll(/!?\[([^[\]]*)\]\([^()\s]*\)/g, "$1")
    .replaceAll(/[*`~|\\]|(?<![\p{L}\p{N}])_+|_+(?![\p{L}\p{N}])/gu, "")
    .replaceAll(/\s+/g, " ")
    .replace(/^(?:[#>+-]+ )+/, "")
    .trim();
  return shorten(text, MAX_THREAD_NAME) || "Conversation";
}
