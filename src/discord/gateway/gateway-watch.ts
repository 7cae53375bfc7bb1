import type { Clock, Log } from "../../conversation/ports.ts";

/** What a watch sees of the gateway. */
export interface GatewayLine {
  isConnected(): boolean;
  /** Changes whenever a heartbeat was acknowledged. */
  heartbeat(): number;
  /** How many events came so far. */
  events(): number;
  /** Asks something that is answered by an event; undefined: there is nobody to ask about. */
  ask(): Promise<void> | undefined;
}

/** How the gateway is. */
export interface GatewayPulse {
  /** Connected, heartbeats acknowledged, and not deaf. */
  readonly alive: boolean;
  /** Since the last sign of life, in milliseconds. */
  readonly silenceMs: number;
  /** A sentence for operators. */
  readonly detail: string;
}

/** What a watch needs. */
export interface GatewayWatchOptions {
  readonly line: GatewayLine;
  readonly clock: Clock;
  readonly log: Log;
  /** Hears what became of a canary. */
  readonly onCanary: (result: "answered" | "silent") => void;
  /** Called once, when the gateway was not well for ten minutes: its client will not recover. */
  readonly onLost: () => void;
}

/** Watches one connection to the gateway. */
export interface GatewayWatch {
  pulse(): GatewayPulse;
  /** Watches until aborted, or until the gateway is lost. Never rejects. */
  run(signal: AbortSignal): Promise<void>;
}

const LOOK_EVERY_MS = 5_000;
/** Discord wants a heartbeat every 41 s; discord.js reconnects when one stays without an answer until the next. */
const HEARTBEAT_LIMIT_MS = 120_000;
const CANARY_EVERY_MS = 3 * 60_000;
const CANARY_AGAIN_MS = 30_000;
const CANARY_LIMIT_MS = 15_000;
/** One may get lost in a reconnect. */
const DEAF_AFTER = 2;
const LOST_AFTER_MS = 10 * 60_000;

/** A watch over a gateway. Everything that can be cured by reconnecting is left to discord.js. */
export function createGatewayWatch(options: GatewayWatchOptions): GatewayWatch {
  const { line, clock, log } = options;
  let heartbeat = line.heartbeat();
  let events = line.events();
  let wasConnected = false;
  let signOfLifeAt = clock.now();
  let heartbeatAt = clock.now();
  let wellAt = clock.now();
  let canaryAt = Number.POSITIVE_INFINITY;
  let unanswered = 0;

  function look(): void {
    const now = clock.now();
    const isConnected = line.isConnected();
    const [nextHeartbeat, nextEvents] = [line.heartbeat(), line.events()];
    if (nextHeartbeat !== heartbeat || (isConnected && !wasConnected)) heartbeatAt = now;
    if (nextHeartbeat !== heartbeat || nextEvents !== events) signOfLifeAt = now;
    if (isConnected && !wasConnected) {
      canaryAt = now + CANARY_EVERY_MS;
      unanswered = 0;
    }
    [heartbeat, events, wasConnected] = [nextHeartbeat, nextEvents, isConnected];
  }

  function pulse(): GatewayPulse {
    look();
    const now = clock.now();
    const silenceMs = now - signOfLifeAt;
    const report = (alive: boolean, detail: string) => ({ alive, silenceMs, detail });
    if (!wasConnected) return report(false, "It is not connected.");
    if (now - heartbeatAt > HEARTBEAT_LIMIT_MS)
      return report(false, `Heartbeats have not been acknowledged for ${seconds(now - heartbeatAt)}.`);
    if (unanswered >= DEAF_AFTER)
      return report(false, "It is connected but silent: what must be answered by an event is not.");
    return report(true, `The last sign of life was ${seconds(silenceMs)} ago.`);
  }

  async function sendCanary(signal: AbortSignal): Promise<void> {
    const before = line.events();
    const asked = line.ask();
    canaryAt = clock.now() + CANARY_EVERY_MS;
    if (!asked) return;
    const isAnswered = await answeredInTime(asked, signal);
    if (signal.aborted) return;
    // Any event shows that the gateway speaks, whatever became of the question.
    const isHeard = isAnswered || line.events() !== before;
    options.onCanary(isHeard ? "answered" : "silent");
    unanswered = isHeard ? 0 : unanswered + 1;
    if (isHeard) return;
    canaryAt = clock.now() + CANARY_AGAIN_MS;
    log.warn({ unanswered }, "the gateway is connected but did not answer");
  }

  async function answeredInTime(asked: Promise<void>, signal: AbortSignal): Promise<boolean> {
    const done = new AbortController();
    const late = clock
      .sleep(CANARY_LIMIT_MS, AbortSignal.any([done.signal, signal]))
      .then(() => false)
      .catch(() => false);
    const answer = asked.then(
      () => true,
      () => false,
    );
    return Promise.race([answer, late]).finally(() => done.abort());
  }

  return {
    pulse,
    async run(signal) {
      wellAt = clock.now();
      while (!signal.aborted) {
        await clock.sleep(LOOK_EVERY_MS, signal).catch(() => {});
        if (signal.aborted) return;
        look();
        if (wasConnected && clock.now() >= canaryAt) await sendCanary(signal);
        if (pulse().alive) wellAt = clock.now();
        if (clock.now() - wellAt < LOST_AFTER_MS || signal.aborted) continue;
        options.onLost();
        return;
      }
    },
  };
}

function seconds(ms: number): string {
  return `${Math.round(ms / 1000)} s`;
}
