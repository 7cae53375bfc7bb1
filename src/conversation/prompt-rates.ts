import type { Store } from "./ports.ts";
import { counted, type Excess, freeAt, type QuotaScope, type RateLimit } from "./quota.ts";

/** When the latest prompts of a person or a guild were asked, in milliseconds since the epoch. */
export interface QuotaRow {
  readonly times: readonly number[];
}

/** A bound on prompts per time, and the key of its row. */
export interface Rate {
  readonly scope: QuotaScope;
  readonly key: string;
  readonly limit: RateLimit;
}

/** Prompts per time, counted in a store. Every method rejects as the store does. */
export interface PromptRates {
  /** What counts now, oldest first. */
  times(rate: Rate, now: number): Promise<readonly number[]>;
  /** Takes one of every rate at `now`, or none and tells which one stands in the way. */
  spend(rates: readonly Rate[], now: number): Promise<Excess | undefined>;
  /** Takes back what was taken at that time. */
  giveBack(rates: readonly Rate[], takenAt: number): Promise<void>;
}

/** Rates over rows that last as long as their newest prompt counts. */
export function createPromptRates(rows: Store<QuotaRow>): PromptRates {
  /** Writes the next times, whoever else writes; where `next` gives undefined nothing changes. */
  async function change(
    { key, limit }: Rate,
    next: (times: readonly number[]) => readonly number[] | undefined,
  ): Promise<void> {
    for (;;) {
      const row = await rows.get(key);
      const times = next(row?.times ?? []);
      if (!times) return;
      const isDone = row
        ? await rows.cas(key, row, { times }, limit.windowMs)
        : await rows.claim(key, { times }, limit.windowMs);
      if (isDone) return;
    }
  }

  async function spendOne(rate: Rate, now: number): Promise<number | undefined> {
    let at: number | undefined;
    await change(rate, (times) => {
      at = freeAt(times, rate.limit, now);
      return at === undefined ? [...counted(times, rate.limit, now), now] : undefined;
    });
    return at;
  }

  async function giveBack(rates: readonly Rate[], takenAt: number): Promise<void> {
    for (const rate of rates) {
      await change(rate, (times) => {
        const index = times.indexOf(takenAt);
        return index < 0 ? undefined : times.filter((_time, position) => position !== index);
      });
    }
  }

  return {
    async times({ key, limit }, now) {
      return counted((await rows.get(key))?.times ?? [], limit, now);
    },
    async spend(rates, now) {
      for (const [index, rate] of rates.entries()) {
        const at = await spendOne(rate, now);
        if (at === undefined) continue;
        await giveBack(rates.slice(0, index), now);
        return { kind: "prompts", scope: rate.scope, limit: rate.limit, at };
      }
      return undefined;
    },
    giveBack,
  };
}
