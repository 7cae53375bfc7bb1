/** One token of an answer: when it is given out after the first, in milliseconds, and its characters. */
export interface Token {
  readonly atMs: number;
  readonly chars: number;
}

export type ProfileName = "steady" | "burst";

/** How an agent gives out its answer. */
export interface Profile {
  readonly name: ProfileName;
  readonly tokens: readonly Token[];
  readonly chars: number;
  /** From the first token to the last. */
  readonly durationMs: number;
}

const TOKEN_CHARS = 4;
const ANSWER_CHARS = 3_000;
const FIRST_BURST_CHARS = 170;
const PAUSE_MS = 3_000;

/** `steady`: 20 tokens a second throughout. `burst`: a start at 40, three seconds of silence, the rest at 400. */
export function profileOf(name: ProfileName, chars = ANSWER_CHARS): Profile {
  const tokens = name === "steady" ? stretch(0, chars, 20) : burst(chars);
  return { name, tokens, chars, durationMs: tokens.at(-1)?.atMs ?? 0 };
}

/** The answer of one conversation: words that exist nowhere else, so that mixed-up or doubled text is found. */
export function answerOf(conversation: number, chars: number): string {
  const mark = conversation.toString(36).padStart(3, "0");
  const words = Array.from(
    { length: Math.ceil(chars / 8) },
    (_, index) => `${mark}${index.toString(36).padStart(4, "0")}`,
  );
  // Discord trims blanks at the end, and the whole answer must be visible to count.
  return words
    .join(" ")
    .slice(0, chars - 1)
    .concat(".");
}

/** When each conversation starts, in milliseconds: evenly over `overMs`, shaken a little, the same for the same seed. */
export function startTimes(conversations: number, overMs: number, random: () => number): readonly number[] {
  const step = overMs / conversations;
  return Array.from({ length: conversations }, (_, index) => Math.round((index + random()) * step));
}

/** Numbers in [0, 1) that are the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function burst(chars: number): readonly Token[] {
  const head = stretch(0, Math.min(chars, FIRST_BURST_CHARS), 40);
  const resumed = (head.at(-1)?.atMs ?? 0) + PAUSE_MS;
  return [...head, ...stretch(resumed, Math.max(0, chars - FIRST_BURST_CHARS), 400)];
}

function stretch(fromMs: number, chars: number, tokensPerSecond: number): readonly Token[] {
  return Array.from({ length: Math.ceil(chars / TOKEN_CHARS) }, (_, index) => ({
    atMs: fromMs + (index * 1_000) / tokensPerSecond,
    chars: Math.min(TOKEN_CHARS, chars - index * TOKEN_CHARS),
  }));
}
