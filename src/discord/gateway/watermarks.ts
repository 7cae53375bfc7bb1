import type { Log, Store } from "../../conversation/ports.ts";
import type { MessageAddress } from "../../conversation/prompt.ts";
import { isNewer, newestOf } from "./snowflake.ts";

/** How far the messages of one channel or thread are dealt with. */
export interface Watermark {
  readonly messageId: string;
}

/** Up to where people's messages are done or refused, place by place. It never moves because a message arrived. */
export interface Watermarks {
  /** A message is being dealt with: until it is handled the watermark stays before it. */
  heard(message: MessageAddress): void;
  /** A message's prompt is over, was refused, or was taken back. Resolves when that is stored; never rejects. */
  handled(message: MessageAddress): Promise<void>;
  isOpen(message: MessageAddress): boolean;
  of(channelId: string): Promise<string | undefined>;
  /** Sets the first watermark of a place; false: there is one. */
  begin(channelId: string, messageId: string): Promise<boolean>;
  /** Messages may have been lost: until `release` no watermark passes them. It begins held. */
  hold(): void;
  release(): Promise<void>;
}

/** Keeps watermarks in a store; several processes may share it. */
export function createWatermarks(rows: Store<Watermark>, log: Log): Watermarks {
  const open = new Map<string, Set<string>>();
  const done = new Map<string, Set<string>>();
  let isHeld = true;

  async function move(channelId: string): Promise<void> {
    const waiting = [...(open.get(channelId) ?? [])];
    const passed = [...(done.get(channelId) ?? [])].filter((id) => waiting.every((one) => isNewer(one, id)));
    const [first, ...others] = passed;
    if (isHeld || first === undefined) return;
    for (const id of passed) remove(done, channelId, id);
    await raise(channelId, newestOf(first, ...others)).catch((err: unknown) =>
      log.error({ err, channelId }, "a watermark could not be stored"),
    );
  }

  async function raise(channelId: string, messageId: string): Promise<void> {
    for (;;) {
      const row = await rows.get(channelId);
      if (row && !isNewer(messageId, row.messageId)) return;
      const next = { messageId };
      if (await (row ? rows.cas(channelId, row, next) : rows.claim(channelId, next))) return;
    }
  }

  return {
    heard({ channelId, messageId }) {
      add(open, channelId, messageId);
    },
    handled({ channelId, messageId }) {
      remove(open, channelId, messageId);
      add(done, channelId, messageId);
      return move(channelId);
    },
    isOpen: ({ channelId, messageId }) => open.get(channelId)?.has(messageId) ?? false,
    of: async (channelId) => (await rows.get(channelId))?.messageId,
    begin: (channelId, messageId) => rows.claim(channelId, { messageId }),
    hold() {
      isHeld = true;
    },
    async release() {
      isHeld = false;
      await Promise.all([...done.keys()].map(move));
    },
  };
}

function add(sets: Map<string, Set<string>>, channelId: string, id: string): void {
  sets.set(channelId, (sets.get(channelId) ?? new Set()).add(id));
}

function remove(sets: Map<string, Set<string>>, channelId: string, id: string): void {
  const ids = sets.get(channelId);
  ids?.delete(id);
  if (ids?.size === 0) sets.delete(channelId);
}
