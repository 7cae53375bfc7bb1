import type { QuotaConfig, RateLimit } from "../conversation/quota.ts";
import type { ConfigInput } from "./input.ts";

const MINUTE_MS = 60_000;

/** Bounds that people may want to move. */
export interface Limits extends QuotaConfig {
  /** Prompts that may wait in one place. */
  readonly queueLength: number;
  /** A run without a sign for so many milliseconds counts as lost. */
  readonly silenceMs: number;
  /** Messages of one answer. */
  readonly maxMessages: number;
}

/** Reads the bounds. */
export function readLimits({ file }: ConfigInput): Limits {
  const { queueLength, silenceMinutes, maxMessages, exemptManagers, ...people } = file.config.limits ?? {};
  const { promptsPerUser, promptsPerGuild, turnsPerUser, turnsPerGuild } = people;
  return {
    queueLength: queueLength ?? 10,
    silenceMs: (silenceMinutes ?? 15) * MINUTE_MS,
    maxMessages: maxMessages ?? 8,
    exemptManagers: exemptManagers ?? false,
    ...(promptsPerUser ? { promptsPerUser: toRate(promptsPerUser) } : {}),
    ...(promptsPerGuild ? { promptsPerGuild: toRate(promptsPerGuild) } : {}),
    ...(turnsPerUser === undefined ? {} : { turnsPerUser }),
    ...(turnsPerGuild === undefined ? {} : { turnsPerGuild }),
  };
}

function toRate({ count, minutes }: { readonly count: number; readonly minutes: number }): RateLimit {
  return { count, windowMs: minutes * MINUTE_MS };
}
