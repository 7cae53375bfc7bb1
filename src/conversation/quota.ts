/** So many within a window that slides: each one counts for `windowMs` milliseconds, and then no more. */
export interface RateLimit {
  readonly count: number;
  readonly windowMs: number;
}

/** What one person, or everybody of one guild together, may ask. What is absent is not bounded. */
export interface QuotaConfig {
  readonly promptsPerUser?: RateLimit;
  readonly promptsPerGuild?: RateLimit;
  /** Conversations that go on at once. */
  readonly turnsPerUser?: number;
  readonly turnsPerGuild?: number;
  /** Members with Manage Server are not bounded; their prompts count for nobody. */
  readonly exemptManagers: boolean;
}

/** Whom a bound is for. */
export type QuotaScope = "user" | "guild";

/** Who asks, and where the answer will be. */
export interface Asker {
  readonly actorId: string;
  readonly guildId?: string;
  /** Absent: in a thread that is still to be opened. */
  readonly placeId?: string;
}

/** Which bound is reached; `at`: when there is room again, in milliseconds since the epoch. */
export type Excess =
  | {
      readonly kind: "prompts";
      readonly scope: QuotaScope;
      readonly limit: RateLimit;
      readonly at: number;
    }
  | { readonly kind: "turns"; readonly scope: QuotaScope; readonly most: number };

/** How much of a bound is used. `freeAt`: when one more fits, where none does now. */
export type Usage =
  | {
      readonly kind: "prompts";
      readonly scope: QuotaScope;
      readonly used: number;
      readonly limit: RateLimit;
      readonly freeAt?: number;
    }
  | { readonly kind: "turns"; readonly scope: QuotaScope; readonly used: number; readonly most: number };

/** The times that still count, oldest first. A clock that was set back makes none of them count for longer. */
export function counted(times: readonly number[], { windowMs }: RateLimit, now: number): readonly number[] {
  return times
    .map((time) => Math.min(time, now))
    .filter((time) => time > now - windowMs)
    .sort((one, other) => one - other);
}

/** When one more fits; undefined: now. */
export function freeAt(times: readonly number[], limit: RateLimit, now: number): number | undefined {
  const all = counted(times, limit, now);
  // So many must leave the window before one fits: more than one where the bound was lowered.
  const leaving = all[all.length - limit.count];
  return leaving === undefined ? undefined : leaving + limit.windowMs;
}

/** What a person or a guild has unfinished. */
export interface Unfinished {
  readonly actorId: string;
  readonly guildId?: string;
  readonly placeId: string;
}

/**
 * The places where somebody has something unfinished. A place works on one prompt at a time, so their number bounds how
 * many turns can run at once, and a prompt that lines up where one runs already makes it no larger.
 */
export function placesOf(
  all: readonly Unfinished[],
  scope: QuotaScope,
  { actorId, guildId }: Asker,
): ReadonlySet<string> {
  const own =
    scope === "user"
      ? all.filter((one) => one.actorId === actorId)
      : all.filter((one) => guildId !== undefined && one.guildId === guildId);
  return new Set(own.map((one) => one.placeId));
}

/** Whether one more turn would be too many. */
export function isCrowded(
  all: readonly Unfinished[],
  scope: QuotaScope,
  asker: Asker,
  most: number | undefined,
): boolean {
  if (most === undefined) return false;
  const places = placesOf(all, scope, asker);
  return places.size >= most && (asker.placeId === undefined || !places.has(asker.placeId));
}

/** Why not, and when again, for the person who asked. */
export function excessSentence(excess: Excess): string {
  const isOwn = excess.scope === "user";
  if (excess.kind === "turns") {
    const many = excess.most === 1 ? "one conversation" : `${excess.most} conversations`;
    const bound = isOwn
      ? `You have ${many} going on, which is as many as one person may at once.`
      : `This server has ${many} going on, which is as many as a server may at once.`;
    return `${bound} Ask again when an answer is complete, or ask on in a conversation that goes on.`;
  }
  const { limit, at } = excess;
  const many = `${limit.count === 1 ? "one question" : `${limit.count} questions`} within ${minutesText(limit)}`;
  const bound = isOwn
    ? `You have asked ${many}, which is as many as one person may.`
    : `This server has asked ${many}, which is as many as a server may.`;
  return `${bound} There is room for the next one <t:${Math.ceil(at / 1000)}:R>.`;
}

/** The length of a window for people. */
export function minutesText({ windowMs }: RateLimit): string {
  const minutes = Math.round(windowMs / 60_000);
  if (minutes === 1) return "a minute";
  if (minutes === 60) return "an hour";
  return minutes % 60 === 0 ? `${minutes / 60} hours` : `${minutes} minutes`;
}
