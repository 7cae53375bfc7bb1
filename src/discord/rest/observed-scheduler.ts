import type { Clock } from "../../conversation/ports.ts";
import type { Outcome, RestRequest } from "./request.ts";
import type { Scheduler } from "./scheduler.ts";

/** Hears how long people saw something older than the bot had, in milliseconds. */
export type LagObserver = (kind: "create" | "edit", ms: number) => void;

/** The scheduler, with somebody who hears how late what it delivers is. */
export function observeScheduler(
  scheduler: Scheduler,
  observe: LagObserver,
  clock: Pick<Clock, "now">,
): Scheduler {
  function watch({ kind, since = clock.now() }: RestRequest, outcome: Promise<Outcome>): void {
    if (kind !== "create" && kind !== "edit") return;
    void outcome.then(({ kind: end }) => {
      if (end === "ok") observe(kind, clock.now() - since);
    });
  }
  return {
    close: () => scheduler.close(),
    enqueue(request) {
      const ticket = scheduler.enqueue(request);
      watch(request, ticket.outcome);
      return ticket;
    },
    request(request) {
      const outcome = scheduler.request(request);
      watch(request, outcome);
      return outcome;
    },
  };
}
