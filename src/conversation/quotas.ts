import type { Actor } from "./place.ts";
import type { Clock, Store } from "./ports.ts";
import { createPromptRates, type QuotaRow, type Rate } from "./prompt-rates.ts";
import {
  type Asker,
  type Excess,
  freeAt,
  isCrowded,
  placesOf,
  type QuotaConfig,
  type QuotaScope,
  type Unfinished,
  type Usage,
} from "./quota.ts";

/** Who wants to ask. */
export interface Applicant extends Pick<Asker, "guildId" | "placeId"> {
  readonly actor: Pick<Actor, "id" | "manager">;
}

/** A place in the count, or which bound stands in the way. */
type Admission =
  | {
      readonly allowed: true;
      /** The prompt is in its queue, or, with false, it came to nothing and does not count. Never rejects; once only. */
      settle(isAsked: boolean): Promise<void>;
    }
  | { readonly allowed: false; readonly excess: Excess };

/** How much people may ask. Every method rejects as the store does. */
export interface Quotas {
  /** Which bound one more prompt would meet now; nothing is counted. */
  excess(applicant: Applicant): Promise<Excess | undefined>;
  /** Counts one more prompt, unless it meets a bound. To be settled. */
  admit(applicant: Applicant): Promise<Admission>;
  /** How much is used, bound by bound; empty where nothing bounds this person. */
  usage(applicant: Applicant): Promise<readonly Usage[]>;
}

/** What quotas need. */
export interface QuotasOptions {
  /** Read at each question. */
  readonly config: QuotaConfig;
  /** By `user/<id>` and `guild/<id>`: a restart forgets nothing. */
  readonly rows: Store<QuotaRow>;
  /** Prompts that run or wait in line now. After a restart they are known before anybody can ask. */
  readonly unfinished: () => readonly Unfinished[];
  readonly clock: Pick<Clock, "now">;
}

const SCOPES = ["user", "guild"] as const;

/** Quotas over a store. Prompts per time are exact across processes; turns at once are those of this process. */
export function createQuotas({ config, rows, unfinished, clock }: QuotasOptions): Quotas {
  const rates = createPromptRates(rows);
  /** Prompts on their way into a queue. */
  const starting = new Set<Unfinished>();
  let started = 0;

  const isExempt = ({ actor }: Applicant) => config.exemptManagers && actor.manager;
  const all = () => [...unfinished(), ...starting];
  const mostOf = (scope: QuotaScope) => (scope === "user" ? config.turnsPerUser : config.turnsPerGuild);

  function crowd(asker: Asker): Excess | undefined {
    for (const scope of SCOPES) {
      const most = mostOf(scope);
      if (most !== undefined && isCrowded(all(), scope, asker, most)) return { kind: "turns", scope, most };
    }
    return undefined;
  }

  /** At once, so that two questions of the same moment cannot both take the last place. */
  function reserve({ placeId, ...asker }: Asker): Unfinished {
    started += 1;
    const reserved = { ...asker, placeId: placeId ?? `new/${started}` };
    starting.add(reserved);
    return reserved;
  }

  async function promptUsage(rate: Rate): Promise<Usage> {
    const now = clock.now();
    const times = await rates.times(rate, now);
    const at = freeAt(times, rate.limit, now);
    const free = at === undefined ? {} : { freeAt: at };
    return { kind: "prompts", scope: rate.scope, used: times.length, limit: rate.limit, ...free };
  }

  function turnUsage(scope: QuotaScope, asker: Asker): readonly Usage[] {
    const most = mostOf(scope);
    if (most === undefined || (scope === "guild" && asker.guildId === undefined)) return [];
    return [{ kind: "turns", scope, used: placesOf(all(), scope, asker).size, most }];
  }

  return {
    async excess(applicant) {
      if (isExempt(applicant)) return undefined;
      const asker = askerOf(applicant);
      const now = clock.now();
      for (const rate of ratesOf(config, asker)) {
        const at = freeAt(await rates.times(rate, now), rate.limit, now);
        if (at !== undefined) return { kind: "prompts", scope: rate.scope, limit: rate.limit, at };
      }
      return crowd(asker);
    },
    async admit(applicant) {
      if (isExempt(applicant)) return { allowed: true, settle: async () => {} };
      const asker = askerOf(applicant);
      const crowded = crowd(asker);
      if (crowded) return { allowed: false, excess: crowded };
      const reserved = reserve(asker);
      const own = ratesOf(config, asker);
      const now = clock.now();
      let isIn = false;
      try {
        const excess = await rates.spend(own, now);
        if (excess) return { allowed: false, excess };
        isIn = true;
      } finally {
        if (!isIn) starting.delete(reserved);
      }
      return {
        allowed: true,
        async settle(isAsked) {
          starting.delete(reserved);
          // A count that is one too high mends itself.
          if (!isAsked) await rates.giveBack(own, now).catch(() => {});
        },
      };
    },
    async usage(applicant) {
      if (isExempt(applicant)) return [];
      const asker = askerOf(applicant);
      const prompts = await Promise.all(ratesOf(config, asker).map(promptUsage));
      return [...prompts, ...SCOPES.flatMap((scope) => turnUsage(scope, asker))];
    },
  };
}

function ratesOf(
  { promptsPerUser, promptsPerGuild }: QuotaConfig,
  { actorId, guildId }: Asker,
): readonly Rate[] {
  const user = promptsPerUser && { scope: "user" as const, key: `user/${actorId}`, limit: promptsPerUser };
  const guild = promptsPerGuild &&
    guildId !== undefined && { scope: "guild" as const, key: `guild/${guildId}`, limit: promptsPerGuild };
  return [...(user ? [user] : []), ...(guild ? [guild] : [])];
}

function askerOf({ actor, guildId, placeId }: Applicant): Asker {
  return {
    actorId: actor.id,
    ...(guildId === undefined ? {} : { guildId }),
    ...(placeId === undefined ? {} : { placeId }),
  };
}
