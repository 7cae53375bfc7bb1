import type { Config } from "../config/config.ts";
import type { Contexts } from "../conversation/context.ts";
import type { Conversations } from "../conversation/conversations.ts";
import { createFeedback, type Feedback } from "../conversation/feedback.ts";
import type { Clock, Log } from "../conversation/ports.ts";
import { createQuotas, type Quotas } from "../conversation/quotas.ts";
import { readQuotaRow, readVoteRow } from "../store/people-rows.ts";
import type { Connections } from "./connections.ts";
import type { Observers } from "./observers.ts";

/** What concerns people: how much they may ask, and what they think of answers. */
export interface People {
  readonly quotas: Quotas;
  /** Absent: answers are not voted on. */
  readonly feedback?: Feedback;
}

/** What people need beside connections. */
interface PeopleContext {
  readonly contexts: Contexts;
  readonly conversations: Conversations;
  readonly clock: Clock;
  readonly log: Log;
  readonly observers?: Observers | undefined;
}

/** Quotas and votes, on top of the store and the conversations. */
export function createPeople(
  { limits, discord }: Config,
  { store, directory }: Connections,
  { contexts, conversations, clock, log, observers }: PeopleContext,
): People {
  const quotas = createQuotas({
    config: limits,
    rows: store.collection("quota", readQuotaRow),
    unfinished: conversations.unfinished,
    clock,
  });
  if (!discord.feedback) return { quotas };
  const feedback = createFeedback({
    votes: store.collection("vote", readVoteRow),
    userIdOf: async ({ place, agent }) => (await contexts.of(place, agent)).userId,
    send: directory.feedback,
    ...(observers ? { observe: observers.feedback } : {}),
    log,
  });
  return { quotas, feedback };
}
