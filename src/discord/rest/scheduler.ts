import { AsyncResource } from "node:async_hooks";
import type { Clock } from "../../conversation/ports.ts";
import { type Alarm, createAlarm } from "./alarm.ts";
import { createBucketBook } from "./bucket-book.ts";
import { choose } from "./choice.ts";
import {
  type GlobalBudget,
  globalAfterAnswer,
  globalAfterOther,
  globalAfterRefusal,
  globalAfterSend,
  newGlobalBudget,
} from "./global-budget.ts";
import type { Refusal } from "./limits.ts";
import type { Outcome, RestRequest, Ticket } from "./request.ts";
import { PRIORITIES, type Priority, type RequestKind } from "./schedule.ts";
import type { Answer, Call, Wire } from "./wire.ts";

/** The only door to Discord's REST interface; interaction callbacks alone pass it by (they are not limited). */
export interface Scheduler {
  enqueue(request: RestRequest): Ticket;
  request(request: RestRequest): Promise<Outcome>;
  /** Drops what waits and sends nothing more; resolves when what has left is answered. */
  close(): Promise<void>;
}

export interface SchedulerOptions {
  readonly wire: Wire;
  readonly clock: Clock;
  /** Discord's global limit; 50 unless Discord granted more. */
  readonly globalPerSecond?: number;
  /** The bot logs in and registers its commands meanwhile, outside the scheduler: room is left for that. */
  readonly isStarting?: boolean;
}

interface Job {
  readonly request: RestRequest;
  readonly kind: RequestKind;
  readonly since: number;
  readonly unseen: () => number;
  /** Whoever asked for it: an observer of what leaves learns from it what the request belongs to. */
  readonly origin: AsyncResource;
  priority: Priority;
  notBefore: number;
  attempts: number;
  inDoubt: boolean;
  resolve(outcome: Outcome): void;
}

const NOTHING = () => 0;
const GLOBAL_PER_SECOND = 50;
const FIRST_RETRY_MS = 250;
const LONGEST_RETRY_MS = 15_000;
const MOST_ATTEMPTS = 40;

/** Starts a scheduler; it holds no timer while nothing waits. A monotonic clock serves it best. */
export function createScheduler(options: SchedulerOptions): Scheduler {
  return new RestScheduler(options);
}

class RestScheduler implements Scheduler {
  readonly #wire: Wire;
  readonly #clock: Clock;
  readonly #book = createBucketBook();
  readonly #jobs = new Set<Job>();
  readonly #alarm: Alarm;
  readonly #flying = new Set<Promise<void>>();
  #global: GlobalBudget;
  #poked = false;
  #closed = false;

  constructor({ wire, clock, globalPerSecond = GLOBAL_PER_SECOND, isStarting }: SchedulerOptions) {
    this.#wire = wire;
    this.#clock = clock;
    this.#global = newGlobalBudget(globalPerSecond, isStarting ? clock.now() : undefined);
    this.#alarm = createAlarm(clock, () => this.#pump());
    wire.onOther(() => {
      this.#global = globalAfterOther(this.#global, clock.now());
    });
  }

  enqueue(request: RestRequest): Ticket {
    const now = this.#clock.now();
    const { kind, priority, since = now, unseen = NOTHING } = request;
    const { outcome, resolve } = unresolved();
    const job: Job = {
      request,
      kind,
      priority,
      since,
      unseen,
      origin: new AsyncResource("DiscordRequest"),
      notBefore: now,
      attempts: 0,
      inDoubt: false,
      resolve,
    };
    this.#wait(job, now);
    return { outcome, raise: (next) => this.#raise(job, next) };
  }

  request(request: RestRequest): Promise<Outcome> {
    return this.enqueue(request).outcome;
  }

  async close(): Promise<void> {
    this.#closed = true;
    this.#alarm.cancel();
    for (const job of this.#jobs) job.resolve({ kind: "closed" });
    this.#jobs.clear();
    await Promise.all(this.#flying);
  }

  #wait(job: Job, now: number): void {
    const { kind, channelId, patienceMs = Number.POSITIVE_INFINITY } = job.request;
    const blockedMs = Math.max(this.#book.of(kind, channelId).blockedUntil, this.#global.blockedUntil) - now;
    if (this.#closed) job.resolve({ kind: "closed" });
    else if (blockedMs > patienceMs) job.resolve({ kind: "limited", retryAfterMs: blockedMs });
    else {
      this.#jobs.add(job);
      this.#poke();
    }
  }

  #raise(job: Job, priority: Priority): void {
    if (PRIORITIES.indexOf(priority) >= PRIORITIES.indexOf(job.priority)) return;
    job.priority = priority;
    this.#poke();
  }

  /** Not at once: what is asked for in one go is weighed together, and `call` may ask for more. */
  #poke(): void {
    if (this.#poked) return;
    this.#poked = true;
    queueMicrotask(() => {
      this.#poked = false;
      this.#pump();
    });
  }

  #pump(): void {
    while (!this.#closed && this.#jobs.size > 0) {
      const now = this.#clock.now();
      const bucketOf = (job: Job) => this.#book.of(job.kind, job.request.channelId);
      const choice = choose(this.#jobs, bucketOf, this.#global, now);
      if ("at" in choice) {
        this.#alarm.setFor(choice.at);
        return;
      }
      this.#start(choice.next, now);
    }
  }

  #start(job: Job, now: number): void {
    this.#jobs.delete(job);
    const call = lateCall(job);
    if (call.kind !== "call") {
      job.resolve(call);
      return;
    }
    this.#book.sent(job.kind, job.request.channelId, now);
    this.#global = globalAfterSend(this.#global, now);
    job.attempts += 1;
    const sent = job.origin.runInAsyncScope(() => this.#wire.send(call.call));
    const flight = sent.then((answer) => {
      this.#flying.delete(flight);
      this.#land(job, answer, now);
    });
    this.#flying.add(flight);
  }

  #land(job: Job, answer: Answer, sentAt: number): void {
    const now = this.#clock.now();
    const facts = answer.kind === "held" ? {} : answer.facts;
    this.#book.answered(job.kind, job.request.channelId, facts, now);
    this.#global = globalAfterAnswer(
      this.#global,
      sentAt,
      now,
      answer.kind !== "held" && answer.kind !== "broken",
    );
    if (answer.kind === "ok" || answer.kind === "refused") job.resolve(answer);
    else if (answer.kind === "limited") this.#afterLimited(job, answer.refusal, now);
    else if (answer.kind === "held") this.#again(job, now, answer.waitMs);
    else this.#afterBroken(job, answer.reason, now);
    this.#poke();
  }

  #afterLimited(job: Job, refusal: Refusal, now: number): void {
    const { retryAfterMs, scope } = refusal;
    if (scope === "global") this.#global = globalAfterRefusal(this.#global, retryAfterMs, now);
    else this.#book.refused(job.kind, job.request.channelId, retryAfterMs, now);
    this.#wait(job, now);
  }

  #afterBroken(job: Job, reason: string, now: number): void {
    job.inDoubt = true;
    if (!job.request.repeatable || job.attempts >= MOST_ATTEMPTS) job.resolve({ kind: "failed", reason });
    else this.#again(job, now, Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** (job.attempts - 1)));
  }

  #again(job: Job, now: number, waitMs: number): void {
    job.notBefore = now + waitMs;
    this.#wait(job, now);
  }
}

function unresolved(): { readonly outcome: Promise<Outcome>; resolve(outcome: Outcome): void } {
  let resolve: (outcome: Outcome) => void = () => undefined;
  const outcome = new Promise<Outcome>((settle) => {
    resolve = settle;
  });
  return { outcome, resolve: (value) => resolve(value) };
}

/** The caller's code runs here, so its mistake must end its own request and no other. */
function lateCall({ request, inDoubt }: Job): { readonly kind: "call"; readonly call: Call } | Outcome {
  try {
    const call = request.call(inDoubt);
    return call === undefined ? { kind: "dropped" } : { kind: "call", call };
  } catch (error) {
    return { kind: "failed", reason: error instanceof Error ? error.message : String(error) };
  }
}
