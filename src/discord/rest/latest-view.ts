import type { TurnView } from "../view/message.ts";
import { PRIORITIES, type Priority } from "./schedule.ts";

/** The newest state of a turn, rendered only when asked for and once for each state. */
export interface LatestView {
  /** A newer state exists; `now` in milliseconds. */
  changed(urgency: Priority, now: number): void;
  /** No state will follow: from now on everything is final. */
  freeze(): void;
  /** The view of the newest state. Throws what the renderer throws. */
  read(): TurnView;
  /** Whether the newest state has been read. */
  isRead(): boolean;
  /** Since when a newer state has waited to be read, in milliseconds. */
  since(): number | undefined;
  /** The most urgent of the states that have not been read. */
  urgency(): Priority;
}

/** Keeps what `render` gave for the newest state. */
export function createLatestView(render: () => TurnView): LatestView {
  let rendered: TurnView | undefined;
  let since: number | undefined;
  let least: Priority = "progress";
  let urgency: Priority = least;
  return {
    changed(next, now) {
      rendered = undefined;
      since ??= now;
      urgency = moreUrgent(urgency, next);
    },
    freeze() {
      least = "final";
      urgency = moreUrgent(urgency, least);
    },
    read() {
      if (rendered !== undefined) return rendered;
      rendered = render();
      since = undefined;
      urgency = least;
      return rendered;
    },
    isRead: () => rendered !== undefined,
    since: () => since,
    urgency: () => urgency,
  };
}

/** The more urgent of two. */
export function moreUrgent(one: Priority, other: Priority): Priority {
  return PRIORITIES.indexOf(one) <= PRIORITIES.indexOf(other) ? one : other;
}
