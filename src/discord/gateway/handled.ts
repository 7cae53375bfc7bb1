import type { Replies } from "../../conversation/ports.ts";
import type { Prompt } from "../../conversation/prompt.ts";
import { isOver } from "../../conversation/turn.ts";
import type { Asking, Front } from "./asking.ts";
import type { Watermarks } from "./watermarks.ts";

/** Replies that note when a person's message is done: its answer is delivered, or it was taken back. */
export function notingReplies(replies: Replies, watermarks: Pick<Watermarks, "handled">): Replies {
  const note = async ({ source }: Prompt) => {
    if (source) await watermarks.handled(source);
  };
  return {
    ...replies,
    open(turn, prompt, painted, onPainted) {
      const reply = replies.open(turn, prompt, painted, onPainted);
      return {
        show: (next) => reply.show(next),
        async settle(next) {
          const isDelivered = await reply.settle(next);
          // A question in plain words is answered by the next message.
          const isDone = isOver(next) || (next.state === "waiting" && next.request === undefined);
          if (isDelivered && isDone) await note(prompt);
          return isDelivered;
        },
      };
    },
    async removed(prompt) {
      await replies.removed(prompt);
      await note(prompt);
    },
  };
}

/** Asking that notes when a person's message begins to be dealt with, and when it is refused. */
export function notingAsking(asking: Asking, watermarks: Pick<Watermarks, "heard" | "handled">): Asking {
  return {
    async ask(asked, front, clicked) {
      const { messageId, place } = asked;
      if (messageId === undefined) return asking.ask(asked, front, clicked);
      const message = { channelId: place.channelId, messageId };
      watermarks.heard(message);
      let isRefused = false;
      const noting: Front = {
        ...front,
        refuse(sentence) {
          isRefused = true;
          return front.refuse(sentence);
        },
      };
      await asking.ask(asked, noting, clicked);
      if (isRefused) await watermarks.handled(message);
    },
  };
}
