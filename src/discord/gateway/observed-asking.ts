import type { Asking } from "./asking.ts";
import type { HandlingObserver } from "./handling.ts";

/** Asking, with somebody who hears of the messages that ask. What a click or a command asks is a part of that. */
export function observeAsking(asking: Asking, observer: HandlingObserver): Asking {
  return {
    ask(asked, front, clicked) {
      const { actor, place, messageId } = asked;
      const work = () => asking.ask(asked, front, clicked);
      if (messageId === undefined) return work();
      const guild = place.guildId === undefined ? {} : { guildId: place.guildId };
      const where = { ...guild, channelId: place.channelId, userId: actor.id };
      return observer.handle({ kind: "message", id: messageId, ...where }, work);
    },
  };
}
