import { type Figures, feel, type Sight, summarise } from "./figures.ts";
import type { Profile } from "./load.ts";

/** What an optimum is asked for. */
export interface Load {
  readonly profile: Profile;
  /** When each agent gives out its first token, in milliseconds. */
  readonly firstTokens: readonly number[];
  /**
   * Further requests of all conversations together (threads, typing, closing messages …): some before the first
   * texts, the others after the last.
   */
  readonly before: number;
  readonly after: number;
  /** Characters that fit one message. */
  readonly messageChars: number;
}

interface Attempt extends Load {
  /** How evenly edits are spread: 0 as early as the bucket allows, 1 evenly over its window. */
  readonly spacing: number;
  /** The shortest time between two edits of one answer. */
  readonly gapMs: number;
}

interface Conversation {
  readonly firstTokenAt: number;
  readonly sights: Sight[];
  token: number;
  given: number;
  visible: number;
  messages: number;
  before: number;
  after: number;
  /** Edits used in the current window, and when it ends. */
  used: number;
  resetAt: number;
}

const GLOBAL_STEP_MS = 20;
const ONE_WAY_MS = 45;
const WINDOW_MS = 5_000;
const EDITS = 5;
const SPACINGS = [0, 0.3, 0.6, 1] as const;
const GAPS_MS = [0, 200, 400, 600] as const;

/**
 * What Discord's limits allow at best for a load: a scheduler in one place that sees every conversation, spends one
 * request each 20 ms, keeps 5 edits in 5 s for each channel, never waits for a response and loses nothing to
 * jitter. All requests count, the ones that show no text too. Each figure is the best of several ways to spread edits.
 */
export function optimum(load: Load): Figures {
  const tries = SPACINGS.flatMap((spacing) => GAPS_MS.map((gapMs) => attempt({ ...load, spacing, gapMs })));
  const best = (figure: (figures: Figures) => number) => Math.min(...tries.map(figure));
  return {
    firstMs: best(({ firstMs }) => firstMs),
    lagMs: best(({ lagMs }) => lagMs),
    staleMs: best(({ staleMs }) => staleMs),
    endMs: best(({ endMs }) => endMs),
    endP95Ms: best(({ endP95Ms }) => endP95Ms),
    complete: Math.max(...tries.map(({ complete }) => complete)),
  };
}

function attempt(load: Attempt): Figures {
  const conversations = load.firstTokens.map((firstTokenAt, index) =>
    newConversation(firstTokenAt, index, load),
  );
  const last = Math.max(...load.firstTokens) + load.profile.durationMs;
  for (let now = Math.min(...load.firstTokens) - 2_000; now < last + 60_000; now += GLOBAL_STEP_MS) {
    for (const conversation of conversations) give(conversation, load.profile, now);
    spend(conversations, load, now);
  }
  return summarise(
    conversations.map(({ firstTokenAt, sights }) => feel({ profile: load.profile, firstTokenAt, sights })),
  );
}

function newConversation(firstTokenAt: number, index: number, load: Load): Conversation {
  const share = (total: number) => Math.floor((total + index) / load.firstTokens.length);
  const before = share(load.before);
  const after = share(load.after);
  const start = { token: 0, given: 0, visible: 0, messages: 0, used: 0, resetAt: 0 };
  return { firstTokenAt, sights: [], before, after, ...start };
}

function give(conversation: Conversation, { tokens }: Profile, now: number): void {
  for (
    let token = tokens[conversation.token];
    token && conversation.firstTokenAt + token.atMs <= now;
    token = tokens[conversation.token]
  ) {
    conversation.given += token.chars;
    conversation.token += 1;
  }
}

/** One request: for what is most urgent, and among equals where most is unseen. */
function spend(conversations: readonly Conversation[], load: Attempt, now: number): void {
  const opening = conversations.find((one) => one.before > 0 && one.firstTokenAt - 1_000 <= now);
  if (opening) {
    opening.before -= 1;
    return;
  }
  const best = most(conversations, (one) => worth(one, load, now));
  if (best) {
    show(best, load, now);
    return;
  }
  const ended = conversations.find((one) => one.after > 0 && one.visible === load.profile.chars);
  if (ended) ended.after -= 1;
}

/** 0: nothing to do, or not allowed yet. */
function worth(one: Conversation, { profile, messageChars, spacing, gapMs }: Attempt, now: number): number {
  const unseen = one.given - one.visible;
  if (unseen === 0) return 0;
  if (one.visible === 0) return 2e9;
  const over = one.given === profile.chars;
  const full = one.visible === one.messages * messageChars;
  if (!full && !over && now < (one.sights.at(-1)?.at ?? 0) - ONE_WAY_MS + gapMs) return 0;
  if (!full && !mayEdit(one, over, spacing, now)) return 0;
  return over ? 1e9 + unseen : unseen;
}

function mayEdit(one: Conversation, over: boolean, spacing: number, now: number): boolean {
  if (now >= one.resetAt) return true;
  if (one.used >= EDITS) return false;
  return over || now >= one.resetAt - WINDOW_MS + (one.used * spacing * WINDOW_MS) / EDITS;
}

function show(one: Conversation, { messageChars }: Load, now: number): void {
  const full = one.visible === one.messages * messageChars;
  if (full) one.messages += 1;
  else if (now >= one.resetAt) {
    one.used = 1;
    one.resetAt = now + WINDOW_MS;
  } else one.used += 1;
  one.visible = Math.min(one.given, one.messages * messageChars);
  one.sights.push({ at: now + ONE_WAY_MS, chars: one.visible });
}

function most(
  conversations: readonly Conversation[],
  worthOf: (one: Conversation) => number,
): Conversation | undefined {
  let best: Conversation | undefined;
  let most = 0;
  for (const one of conversations) {
    const worth = worthOf(one);
    if (worth <= most) continue;
    most = worth;
    best = one;
  }
  return best;
}
