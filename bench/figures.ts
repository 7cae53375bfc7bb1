import type { Profile } from "./load.ts";

/** How much of an answer could be read from a time on. Times are milliseconds on one clock. */
export interface Sight {
  readonly at: number;
  readonly chars: number;
}

/** One conversation as it was watched. */
export interface Watched {
  readonly profile: Profile;
  /** When the agent gave out its first token. */
  readonly firstTokenAt: number;
  readonly sights: readonly Sight[];
}

/** What a person felt, in milliseconds; `undefined` where it never happened. */
export interface Felt {
  readonly firstMs: number | undefined;
  /** Characters given out but not visible, over the time of the answer, divided by the mean rate. */
  readonly lagMs: number;
  /** Mean age of the oldest character not yet visible, after the longest pause of the agent. */
  readonly staleMs: number;
  readonly endMs: number | undefined;
}

/** The figures of many conversations, in milliseconds. */
export interface Figures {
  readonly firstMs: number;
  readonly lagMs: number;
  readonly staleMs: number;
  readonly endMs: number;
  readonly endP95Ms: number;
  readonly complete: number;
}

const STEP_MS = 10;

/** Measures one conversation by sampling every 10 ms from the agent's first token to its last. */
export function feel({ profile, firstTokenAt, sights }: Watched): Felt {
  const endsAt = firstTokenAt + profile.durationMs;
  const resumesAt = firstTokenAt + resumeOf(profile);
  let token = 0;
  let given = 0;
  let oldest = 0;
  let oldestChars = profile.tokens[0]?.chars ?? 0;
  let sight = 0;
  let visible = 0;
  const totals = { unseen: 0, samples: 0, stale: 0, staleSamples: 0 };
  for (let now = firstTokenAt; now <= endsAt; now += STEP_MS) {
    for (
      let next = profile.tokens[token];
      next && firstTokenAt + next.atMs <= now;
      next = profile.tokens[token]
    ) {
      given += next.chars;
      token += 1;
    }
    for (let next = sights[sight]; next && next.at <= now; next = sights[sight]) {
      visible = next.chars;
      sight += 1;
    }
    while (oldestChars <= visible && oldest < profile.tokens.length) {
      oldest += 1;
      oldestChars += profile.tokens[oldest]?.chars ?? 0;
    }
    totals.unseen += Math.max(0, given - visible);
    totals.samples += 1;
    if (now < resumesAt) continue;
    const since = profile.tokens[oldest];
    totals.stale += given > visible && since ? now - firstTokenAt - since.atMs : 0;
    totals.staleSamples += 1;
  }
  const perMs = profile.chars / Math.max(1, profile.durationMs);
  const whole = sights.find(({ chars }) => chars >= profile.chars);
  const first = sights.find(({ chars }) => chars > 0);
  return {
    firstMs: first && Math.max(0, first.at - firstTokenAt),
    lagMs: totals.unseen / totals.samples / perMs,
    staleMs: totals.stale / Math.max(1, totals.staleSamples),
    endMs: whole && Math.max(0, whole.at - endsAt),
  };
}

/** Means over conversations; what never became visible counts in `complete` only. */
export function summarise(felt: readonly Felt[]): Figures {
  const ends = felt.flatMap(({ endMs }) => (endMs === undefined ? [] : [endMs])).sort((a, b) => a - b);
  return {
    firstMs: mean(felt.flatMap(({ firstMs }) => (firstMs === undefined ? [] : [firstMs]))),
    lagMs: mean(felt.map(({ lagMs }) => lagMs)),
    staleMs: mean(felt.map(({ staleMs }) => staleMs)),
    endMs: mean(ends),
    endP95Ms: ends[Math.min(ends.length - 1, Math.floor(ends.length * 0.95))] ?? 0,
    complete: ends.length,
  };
}

function resumeOf({ tokens }: Profile): number {
  let longest = 0;
  let at = 0;
  for (const [index, token] of tokens.entries()) {
    const gap = token.atMs - (tokens[index - 1]?.atMs ?? 0);
    if (gap <= longest) continue;
    longest = gap;
    at = longest > 1_000 ? token.atMs : 0;
  }
  return at;
}

function mean(values: readonly number[]): number {
  return values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
}
