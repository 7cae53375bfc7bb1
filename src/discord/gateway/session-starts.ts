import { type REST, Routes } from "discord.js";
import { BridgeError } from "../../conversation/errors.ts";
import type { Clock, Log } from "../../conversation/ports.ts";

/**
 * How many logins (IDENTIFYs) Discord still allows, and for how many milliseconds that counts. Whoever goes beyond loses the
 * token: https://docs.discord.com/developers/events/gateway#session-start-limit
 */
export interface SessionStarts {
  readonly remaining: number;
  readonly resetAfterMs: number;
}

/** What waiting for a login needs. */
export interface SessionStartOptions {
  /** Undefined: it cannot be learned, and the login itself will say why. */
  readonly read: () => Promise<SessionStarts | undefined>;
  readonly clock: Clock;
  readonly log: Log;
  /** Called once when it begins to wait. */
  readonly onWaiting: () => void;
  readonly observe: (starts: SessionStarts) => void;
}

/** So many are left for people who look after the bot, and for reconnecting. */
const RESERVE = 10;
const LONGEST_NAP_MS = 10 * 60_000;
/** The period must really be over. */
const MARGIN_MS = 1_000;

/** Reads the limit; undefined when Discord does not tell it. */
export async function readSessionStarts(rest: REST): Promise<SessionStarts | undefined> {
  const body = await rest.get(Routes.gatewayBot()).catch(() => undefined);
  const { remaining, reset_after: resetAfterMs } = Object(Object(body).session_start_limit);
  return typeof remaining === "number" && typeof resetAfterMs === "number"
    ? { remaining, resetAfterMs }
    : undefined;
}

/** Resolves when a login will not burn one of the last ones. Rejects with the signal's reason. */
export async function untilSessionStart(
  { read, clock, log, onWaiting, observe }: SessionStartOptions,
  signal: AbortSignal,
): Promise<void> {
  for (let isFirst = true; ; isFirst = false) {
    const starts = await unlessAborted(read(), signal);
    if (starts) observe(starts);
    if (!starts || starts.remaining > RESERVE) return;
    if (isFirst) {
      onWaiting();
      log.warn(
        { ...starts },
        "Discord allows almost no more logins in this period: waiting for the next one instead of burning them",
      );
    }
    await clock.sleep(Math.min(starts.resetAfterMs + MARGIN_MS, LONGEST_NAP_MS), signal);
  }
}

function unlessAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  return Promise.race([
    work,
    new Promise<never>((_resolve, reject) => {
      const stop = () => reject(new BridgeError("stopped", "The bot was stopped before it logged in."));
      if (signal.aborted) stop();
      signal.addEventListener("abort", stop, { once: true });
    }),
  ]);
}
