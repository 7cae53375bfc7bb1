import type { Clock, Replies, Reply } from "./ports.ts";
import { isOver, type Turn } from "./turn.ts";

/** Hears how turns go. Called in passing: it must be cheap and must not throw. */
export interface TurnObserver {
  /** The first text of an answer came, `ms` after its prompt. */
  firstText(turn: Turn, ms: number): void;
  /** A turn is over and people can see it. */
  over(turn: Turn): void;
}

/** The replies, with somebody who hears how the turns in them go. */
export function observeReplies(replies: Replies, observer: TurnObserver, clock: Pick<Clock, "now">): Replies {
  return {
    ...replies,
    open(turn, prompt, painted, onPainted) {
      return observeReply(replies.open(turn, prompt, painted, onPainted), turn, observer, clock);
    },
  };
}

function observeReply(reply: Reply, first: Turn, observer: TurnObserver, clock: Pick<Clock, "now">): Reply {
  // After a pause or a restart the first text is long there.
  let isAwaited = first.leg === 0 && !hasText(first) && first.taskId === undefined;
  return {
    show(turn) {
      if (isAwaited && hasText(turn)) {
        isAwaited = false;
        observer.firstText(turn, clock.now() - turn.startedAt);
      }
      reply.show(turn);
    },
    async settle(turn) {
      const isDelivered = await reply.settle(turn);
      if (isDelivered && isOver(turn)) observer.over(turn);
      return isDelivered;
    },
  };
}

function hasText({ output }: Turn): boolean {
  return output.some((item) => item.kind === "text" && item.text !== "");
}
