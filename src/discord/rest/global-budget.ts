import type { Priority } from "./schedule.ts";

/**
 * Discord's limit over all channels: at most `perSecond` requests in any second, as the server sees them.
 *
 * A request occupies its slot until a second after its response came, less the shortest round trip: whatever the
 * latency does, the server cannot see more than `perSecond` in a second. (It handled the request before the
 * response came, and sees the next one only after it was sent; those two ways together are at least a round trip.)
 */
export interface GlobalBudget {
  readonly perSecond: number;
  readonly inFlight: number;
  /** Times of the responses that still occupy a slot, oldest first. */
  readonly answeredAt: readonly number[];
  readonly shortestTripMs: number;
  /** How many round trips were measured. */
  readonly trips: number;
  readonly blockedUntil: number;
  readonly lastPacedAt: number;
}

const SECOND_MS = 1_000;
/** The ways there and back are measured together; how they divide is unknown, so not all of a trip is credited. */
const TRIP_CREDIT = 0.9;
/** Fewer measurements may all have been slow ones. */
const TRIPS_TO_TRUST = 100;
const LONGEST_CREDIT_MS = 300;
/** Typing and catching up take no slot that text may want within the same second. */
const IDLE_SHARE = 0.5;
/** A little faster than the limit, to catch up after slots that became free late. */
const PACE = 1.25;

/** A login and the reading of commands do not pass through the scheduler, and are heard of only when they are answered. */
const START_REQUESTS = 6;
const START_MS = 3_000;

/** A budget of which nothing is used; `startsAt`: the bot is starting beside it, which takes some requests, too. */
export function newGlobalBudget(perSecond: number, startsAt?: number): GlobalBudget {
  return {
    perSecond,
    inFlight: 0,
    answeredAt: startsAt === undefined ? [] : Array(START_REQUESTS).fill(startsAt + START_MS),
    shortestTripMs: Number.POSITIVE_INFINITY,
    trips: 0,
    blockedUntil: 0,
    lastPacedAt: Number.NEGATIVE_INFINITY,
  };
}

/** The budget once a request has left. */
export function globalAfterSend(budget: GlobalBudget, now: number): GlobalBudget {
  return { ...budget, inFlight: budget.inFlight + 1, lastPacedAt: now };
}

/** The budget once a response is here, or is known to be lost. */
export function globalAfterAnswer(
  budget: GlobalBudget,
  sentAt: number,
  now: number,
  answered: boolean,
): GlobalBudget {
  const trip = answered ? now - sentAt : Number.POSITIVE_INFINITY;
  return {
    ...globalAfterOther(budget, now),
    inFlight: budget.inFlight - 1,
    shortestTripMs: Math.min(budget.shortestTripMs, trip),
    trips: budget.trips + (answered ? 1 : 0),
  };
}

/** The budget after the response to a request that did not pass through the scheduler. */
export function globalAfterOther(budget: GlobalBudget, now: number): GlobalBudget {
  const live = budget.answeredAt.filter((time) => time > now - SECOND_MS);
  const later = live.findIndex((time) => time > now);
  return { ...budget, answeredAt: live.toSpliced(later === -1 ? live.length : later, 0, now) };
}

/** The budget after a global 429. */
export function globalAfterRefusal(budget: GlobalBudget, retryAfterMs: number, now: number): GlobalBudget {
  return { ...budget, blockedUntil: Math.max(budget.blockedUntil, now + retryAfterMs) };
}

/** When a request of that priority may leave; `Infinity`: not before a response comes. */
export function globalReadyAt(budget: GlobalBudget, priority: Priority): number {
  const room = budget.perSecond * (isIdleWork(priority) ? IDLE_SHARE : 1);
  return Math.max(budget.blockedUntil, pacedFrom(budget, priority), slotFreeAt(budget, room));
}

/** Small steps of progress leave evenly, so that an urgent request finds a slot within milliseconds, not a second. */
function pacedFrom(budget: GlobalBudget, priority: Priority): number {
  const paced = priority === "progress" || priority === "aside" || isIdleWork(priority);
  return paced ? budget.lastPacedAt + SECOND_MS / (budget.perSecond * PACE) : Number.NEGATIVE_INFINITY;
}

function isIdleWork(priority: Priority): boolean {
  return priority === "typing" || priority === "catch-up";
}

function slotFreeAt(budget: GlobalBudget, room: number): number {
  const over = budget.inFlight + budget.answeredAt.length - room;
  if (over < 0) return Number.NEGATIVE_INFINITY;
  const last = budget.answeredAt[Math.floor(over)];
  return last === undefined ? Number.POSITIVE_INFINITY : last + SECOND_MS - credit(budget);
}

function credit(budget: GlobalBudget): number {
  const known = budget.trips < TRIPS_TO_TRUST ? 0 : budget.shortestTripMs;
  return Math.min(LONGEST_CREDIT_MS, known * TRIP_CREDIT);
}
