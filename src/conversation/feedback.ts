import type { AgentRef } from "./agent-ref.ts";
import type { Log, Store } from "./ports.ts";
import type { Prompt } from "./prompt.ts";

/** What a person thinks of an answer. */
export type Vote = "up" | "down";

/** A person's vote on an answer. */
interface VoteRow {
  readonly vote: Vote;
}

/** What becomes of a vote: it is the first of this person on this answer, it replaces another one, or it is there already. */
export type VoteOutcome = "noted" | "changed" | "same";

/** A vote on its way to whoever runs the agent. */
export interface AgentFeedback {
  /** `X-User-Id` of the conversation. */
  readonly userId: string;
  readonly turnId: string;
  readonly vote: Vote;
  /** It replaces an earlier one of the same person. */
  readonly changed: boolean;
}

/** Hears of votes that were noted or changed. Called in passing: it must be cheap and must not throw. */
export type FeedbackObserver = (agent: AgentRef, vote: Vote, changed: boolean) => void;

/** Votes on answers. */
export interface Feedback {
  /** Notes what a person thinks of the answer to a prompt: one vote each, which may change. Rejects as the store does. */
  vote(prompt: Prompt, actorId: string, vote: Vote): Promise<VoteOutcome>;
}

/** What feedback needs. */
export interface FeedbackOptions {
  /** By `<turn>/<person>`. */
  readonly votes: Store<VoteRow>;
  /** `X-User-Id` of the conversation that a prompt belongs to. */
  readonly userIdOf: (prompt: Prompt) => Promise<string>;
  /** Tells the agent's controller; resolves with false where it takes no feedback. */
  readonly send: (agent: AgentRef, feedback: AgentFeedback) => Promise<boolean>;
  readonly observe?: FeedbackObserver;
  readonly log: Log;
}

/** A week, as long as a prompt is remembered: after that its answer cannot be voted on. */
const VOTE_TTL_MS = 7 * 24 * 60 * 60 * 1000;

/** Feedback over a store. The controller is told beside it, once: a vote must not wait for it, and is not worth a queue. */
export function createFeedback(options: FeedbackOptions): Feedback {
  const { votes, log } = options;

  async function note(key: string, vote: Vote): Promise<VoteOutcome> {
    for (;;) {
      const known = await votes.get(key);
      if (known?.vote === vote) return "same";
      if (!known && (await votes.claim(key, { vote }, VOTE_TTL_MS))) return "noted";
      if (known && (await votes.cas(key, known, { vote }, VOTE_TTL_MS))) return "changed";
    }
  }

  async function tell(prompt: Prompt, vote: Vote, changed: boolean): Promise<void> {
    const userId = await options.userIdOf(prompt);
    const isTaken = await options.send(prompt.agent, { userId, turnId: prompt.id, vote, changed });
    if (!isTaken) log.debug({ turnId: prompt.id }, "this kagent takes no feedback");
  }

  return {
    async vote(prompt, actorId, vote) {
      const outcome = await note(`${prompt.id}/${actorId}`, vote);
      if (outcome === "same") return outcome;
      const changed = outcome === "changed";
      const { cluster, namespace, name } = prompt.agent;
      log.info({ turnId: prompt.id, agent: `${namespace}/${name}`, cluster, vote, changed }, "feedback");
      options.observe?.(prompt.agent, vote, changed);
      void tell(prompt, vote, changed).catch((err: unknown) =>
        log.warn({ err, turnId: prompt.id }, "feedback did not reach kagent"),
      );
      return outcome;
    },
  };
}
