import { BridgeError } from "./errors.ts";
import type { Store } from "./ports.ts";
import type { Prompt } from "./prompt.ts";

/** What a mailbox needs. */
export interface MailboxOptions {
  /** Prompts that wait: they survive a restart. */
  readonly entries: Store<Prompt>;
  /** How many prompts may wait in one place. */
  readonly limit: number;
  /** Runs one prompt to its end; calls `taken` once the prompt is safe elsewhere. Never rejects. */
  readonly run: (prompt: Prompt, taken: () => Promise<void>) => Promise<void>;
  /** A prompt waits at this position, 1 being the next. */
  readonly onWaiting: (prompt: Prompt, position: number) => void;
}

/** Orders prompts: one at a time in each place, first come, first served. */
export interface Mailbox {
  /** Rejects with `BridgeError("queue-full")` when too many wait already. */
  post(prompt: Prompt): Promise<void>;
  /** Occupies a place with work that is already going on, after a restart. */
  occupy(prompt: Prompt, work: () => Promise<void>): void;
  /** Puts back a prompt that waited in the store before a restart. */
  restore(prompt: Prompt): void;
  waiting(placeId: string): readonly Prompt[];
  /** Changes a prompt that still waits; undefined when it does not wait any more. */
  change(matches: (prompt: Prompt) => boolean, next: (prompt: Prompt) => Prompt): Promise<Prompt | undefined>;
  remove(matches: (prompt: Prompt) => boolean): Promise<Prompt | undefined>;
  /** Starts nothing new any more; what waits stays in the store. */
  close(): void;
  /** Resolves when nothing runs. */
  idle(): Promise<void>;
}

interface Lane {
  running: Promise<void> | undefined;
  waiting: Prompt[];
}

/** A mailbox whose waiting prompts live in a store. */
export function createMailbox(options: MailboxOptions): Mailbox {
  const lanes = new Map<string, Lane>();
  let closed = false;

  function laneOf(placeId: string): Lane {
    const lane = lanes.get(placeId) ?? { running: undefined, waiting: [] };
    lanes.set(placeId, lane);
    return lane;
  }

  function start(placeId: string, lane: Lane, work: () => Promise<void>): void {
    lane.running = work().finally(() => {
      lane.running = undefined;
      advance(placeId, lane);
    });
  }

  function advance(placeId: string, lane: Lane): void {
    if (closed || lane.running) return;
    const next = lane.waiting.shift();
    if (!next) {
      lanes.delete(placeId);
      return;
    }
    start(placeId, lane, () => options.run(next, () => options.entries.delete(entryKey(next))));
    announce(lane);
  }

  function announce(lane: Lane): void {
    for (const [index, prompt] of lane.waiting.entries()) options.onWaiting(prompt, index + 1);
  }

  function find(
    matches: (prompt: Prompt) => boolean,
  ): { lane: Lane; index: number; prompt: Prompt } | undefined {
    for (const lane of lanes.values()) {
      const index = lane.waiting.findIndex(matches);
      const prompt = lane.waiting[index];
      if (prompt) return { lane, index, prompt };
    }
    return undefined;
  }

  return {
    async post(prompt) {
      const placeId = prompt.place.channelId;
      const lane = laneOf(placeId);
      if (lane.waiting.length >= options.limit) throw queueFull(options.limit);
      lane.waiting.push(prompt);
      try {
        await options.entries.set(entryKey(prompt), prompt);
      } catch (error) {
        lane.waiting = lane.waiting.filter((one) => one !== prompt);
        throw error;
      }
      advance(placeId, lane);
      const position = lane.waiting.findIndex((one) => one.id === prompt.id) + 1;
      if (position > 0) options.onWaiting(prompt, position);
    },
    occupy(prompt, work) {
      start(prompt.place.channelId, laneOf(prompt.place.channelId), work);
    },
    restore(prompt) {
      const lane = laneOf(prompt.place.channelId);
      lane.waiting.push(prompt);
      advance(prompt.place.channelId, lane);
    },
    waiting: (placeId) => [...(lanes.get(placeId)?.waiting ?? [])],
    async change(matches, next) {
      const found = find(matches);
      if (!found) return undefined;
      const changed = next(found.prompt);
      found.lane.waiting[found.index] = changed;
      await options.entries.set(entryKey(changed), changed);
      return changed;
    },
    async remove(matches) {
      const found = find(matches);
      if (!found) return undefined;
      found.lane.waiting.splice(found.index, 1);
      announce(found.lane);
      await options.entries.delete(entryKey(found.prompt));
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
    `${limit} questions wait here already. Ask again when one is answered, or ask in a new thread.`,
  );
}
