import { BridgeError } from "./errors.ts";
import { type Found, findIn, type Head, type Lane } from "./lane.ts";
import type { Store } from "./ports.ts";
import type { Prompt } from "./prompt.ts";

/** A prompt whose turn has come. It still waits, and can be changed or removed, until it is taken. */
export interface Due {
  prompt(): Prompt;
  /** Aborted when the prompt is removed. */
  readonly removed: AbortSignal;
  /** The prompt as it runs; from now on nobody changes it. */
  take(): Prompt;
  /** The prompt is safe elsewhere: its entry can go. */
  stored(): Promise<void>;
}

/** What a mailbox needs. */
export interface MailboxOptions {
  /** Prompts that wait: they survive a restart. */
  readonly entries: Store<Prompt>;
  /** How many prompts may wait in one place. */
  readonly limit: number;
  /** Runs one prompt to its end. Never rejects. */
  readonly run: (due: Due) => Promise<void>;
  /** A prompt waits at this position, 1 being the next. */
  readonly onWaiting: (prompt: Prompt, position: number) => void;
}

/** Orders prompts: one at a time in each place, first come, first served. */
export interface Mailbox {
  /** Rejects with `BridgeError("queue-full")` when too many wait already. */
  post(prompt: Prompt): Promise<void>;
  /** Throws the same error when one more could not be taken. */
  needRoom(placeId: string): void;
  /** Where one more prompt would wait, 1 being the next; 0 where it would run at once. */
  position(placeId: string): number;
  /** Occupies a place with work that is already going on, after a restart. */
  occupy(prompt: Prompt, work: () => Promise<void>): void;
  /** Puts back a prompt that waited in the store before a restart. */
  restore(prompt: Prompt): void;
  /** Forgets the entry of a prompt that was safe elsewhere already when the process ended. */
  forget(prompt: Prompt): Promise<void>;
  waiting(placeId: string): readonly Prompt[];
  /** What runs and waits in all places. */
  unfinished(): readonly Prompt[];
  /** Changes a prompt that still waits; undefined when it does not wait any more. */
  change(matches: (prompt: Prompt) => boolean, next: (prompt: Prompt) => Prompt): Promise<Prompt | undefined>;
  remove(matches: (prompt: Prompt) => boolean): Promise<Prompt | undefined>;
  /** Starts nothing new any more; what waits stays in the store. */
  close(): void;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

/** A mailbox whose waiting prompts live in a store. */
export function createMailbox(options: MailboxOptions): Mailbox {
  const { entries, limit } = options;
  const lanes = new Map<string, Lane>();
  let closed = false;

  function laneOf(placeId: string): Lane {
    const lane = lanes.get(placeId) ?? {
      running: undefined,
      current: undefined,
      head: undefined,
      waiting: [],
    };
    lanes.set(placeId, lane);
    return lane;
  }

  function start(lane: Lane, prompt: Prompt, work: () => Promise<void>): void {
    lane.current = prompt;
    lane.running = work().finally(() => {
      lane.running = undefined;
      lane.current = undefined;
      lane.head = undefined;
      advance(prompt.place.channelId, lane);
    });
  }

  function advance(placeId: string, lane: Lane): void {
    if (closed || lane.running) return;
    const next = lane.waiting.shift();
    if (!next) {
      lanes.delete(placeId);
      return;
    }
    start(lane, next, () => options.run(dueOf(lane, next)));
    announce(lane);
  }

  function dueOf(lane: Lane, prompt: Prompt): Due {
    const head: Head = { prompt, abort: new AbortController() };
    lane.head = head;
    return {
      prompt: () => head.prompt,
      removed: head.abort.signal,
      take() {
        lane.head = undefined;
        return head.prompt;
      },
      stored: () => entries.delete(entryKey(prompt)),
    };
  }

  function announce(lane: Lane): void {
    for (const [index, prompt] of lane.waiting.entries()) options.onWaiting(prompt, index + 1);
  }

  function announceOne(lane: Lane, promptId: string): void {
    const index = lane.waiting.findIndex((one) => one.id === promptId);
    const prompt = lane.waiting[index];
    if (prompt) options.onWaiting(prompt, index + 1);
  }

  function needRoom(placeId: string): void {
    const lane = lanes.get(placeId);
    if (lane?.running && lane.waiting.length >= limit) throw queueFull(limit);
  }

  function find(matches: (prompt: Prompt) => boolean): Found | undefined {
    for (const lane of lanes.values()) {
      const found = findIn(lane, matches, () => announce(lane));
      if (found) return found;
    }
    return undefined;
  }

  return {
    needRoom,
    async post(prompt) {
      const placeId = prompt.place.channelId;
      needRoom(placeId);
      const lane = laneOf(placeId);
      lane.waiting.push(prompt);
      try {
        await entries.set(entryKey(prompt), prompt);
      } catch (error) {
        lane.waiting = lane.waiting.filter((one) => one !== prompt);
        throw error;
      }
      // It goes on at the next start, which says so.
      if (closed) return;
      advance(placeId, lane);
      announceOne(lane, prompt.id);
    },
    position(placeId) {
      const lane = lanes.get(placeId);
      return lane?.running ? lane.waiting.length + 1 : 0;
    },
    occupy(prompt, work) {
      start(laneOf(prompt.place.channelId), prompt, work);
    },
    restore(prompt) {
      const lane = laneOf(prompt.place.channelId);
      lane.waiting.push(prompt);
      advance(prompt.place.channelId, lane);
      if (prompt.shownId === undefined) announceOne(lane, prompt.id);
    },
    forget: (prompt) => entries.delete(entryKey(prompt)),
    waiting(placeId) {
      const lane = lanes.get(placeId);
      return [...(lane?.head ? [lane.head.prompt] : []), ...(lane?.waiting ?? [])];
    },
    unfinished: () =>
      [...lanes.values()].flatMap(({ current, waiting }) => [...(current ? [current] : []), ...waiting]),
    async change(matches, next) {
      const found = find(matches);
      if (!found) return undefined;
      const changed = next(found.prompt);
      found.replace(changed);
      await entries.set(entryKey(changed), changed);
      return changed;
    },
    async remove(matches) {
      const found = find(matches);
      if (!found) return undefined;
      found.takeOut();
      await entries.delete(entryKey(found.prompt));
      return found.prompt;
    },
    close() {
      closed = true;
    },
    async idle() {
      await Promise.all([...lanes.values()].map((lane) => lane.running));
    },
  };
}

/** Sorted by place, then by time: a listing of the store gives each place's prompts in order. */
function entryKey(prompt: Prompt): string {
  return `${prompt.place.channelId}/${String(prompt.createdAt).padStart(15, "0")}-${prompt.id}`;
}

function queueFull(limit: number): BridgeError {
  return new BridgeError(
    "queue-full",
    `${limit} ${limit === 1 ? "question waits" : "questions wait"} here already. Ask again when one is answered, or ask in a new thread.`,
  );
}
