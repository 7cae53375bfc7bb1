import type { Contexts } from "./context.ts";
import type { Clock, Log, Painted, Replies, Store } from "./ports.ts";
import type { Prompt } from "./prompt.ts";
import { toProblem } from "./run.ts";
import { failedWith, startTurn, type Turn } from "./turn.ts";
import type { TurnRow } from "./turn-row.ts";

/** Makes turns of prompts whose time has come. */
export interface PromptStarts {
  /** The turn as it begins; everybody who prompts is noted in the conversation. */
  begin(prompt: Prompt, traceparent: string): Promise<TurnRow>;
  /**
   * Stores it, once: another process on this store may have begun the same prompt, or even be through with it. Rejects when the
   * store fails, and nothing of it is stored then.
   */
  isFirst(row: TurnRow): Promise<boolean>;
  /** Shows that the prompt could not be started. */
  fail(prompt: Prompt, traceparent: string, error: unknown): Promise<void>;
}

/** What starting needs. */
export interface PromptStartsOptions {
  readonly replies: Replies;
  readonly contexts: Contexts;
  readonly turns: Store<TurnRow>;
  /** Prompts that were asked, for Try again. */
  readonly asked: Store<Prompt>;
  readonly clock: Pick<Clock, "now">;
  readonly log: Log;
  readonly newId: () => string;
}

/** Try again works for a week: as long as a thread stays open. */
const ASKED_TTL_MS = 7 * 24 * 60 * 60 * 1000;

/** Starts over the store. */
export function createPromptStarts(options: PromptStartsOptions): PromptStarts {
  const { replies, contexts, turns, clock, log } = options;

  async function isFirst(row: TurnRow): Promise<boolean> {
    if (!(await turns.claim(row.turn.id, row))) return false;
    let isNew = false;
    try {
      isNew = await options.asked.claim(row.turn.id, row.prompt, ASKED_TTL_MS);
      return isNew;
    } finally {
      if (!isNew) await turns.delete(row.turn.id);
    }
  }

  async function begin(prompt: Prompt, traceparent: string): Promise<TurnRow> {
    const { contextId, userId } = await contexts.noteAsker(prompt.place, prompt.agent, prompt.actor.id);
    const turn = turnOf(prompt, {
      contextId,
      userId,
      messageId: `m-${options.newId()}`,
      traceparent,
      startedAt: clock.now(),
    });
    return { turn, prompt, painted: shownBy(prompt) };
  }

  async function fail(prompt: Prompt, traceparent: string, error: unknown): Promise<void> {
    const { id } = prompt;
    log.error({ err: error, turnId: id, reference: id, traceparent }, "a prompt could not be started");
    const ids = { contextId: "", userId: "", messageId: "", traceparent, startedAt: clock.now() };
    const turn = turnOf(prompt, ids);
    const reply = replies.open(turn, prompt, shownBy(prompt), () => {});
    await reply.settle(failedWith(turn, toProblem(error, id), false, clock.now()));
  }

  return { begin, isFirst, fail };
}

function turnOf(
  prompt: Prompt,
  ids: Pick<Turn, "contextId" | "userId" | "messageId" | "traceparent" | "startedAt">,
): Turn {
  const { id, place, agent, actor, text, discordMessageId } = prompt;
  const asked = { actor, text, ...(discordMessageId === undefined ? {} : { discordMessageId }) };
  return startTurn({ ...ids, id, place, agent, prompt: asked });
}

function shownBy(prompt: Prompt): Painted {
  return { messageIds: prompt.shownId === undefined ? [] : [prompt.shownId] };
}
