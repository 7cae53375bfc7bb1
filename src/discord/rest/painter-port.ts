import type { Clock, Painted } from "../../conversation/ports.ts";
import type { TurnView } from "../view/message.ts";
import type { Priority } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";
import type { LostReason } from "./setback.ts";

export interface PainterOptions {
  readonly scheduler: Scheduler;
  /** The scheduler's clock. */
  readonly clock: Pick<Clock, "now">;
  readonly channelId: string;
  readonly turnId: string;
  /** The turn as it should look now. Called when a request leaves, not when something happens. */
  readonly render: () => TurnView;
  /** Characters of the answer so far: whose text is the furthest behind is served first. Must be cheap. */
  readonly size?: () => number;
  /** The prompt's message, when it is in the same channel: the closing message replies to it. */
  readonly replyTo?: string;
  /** Whether the first message replies to it as well. */
  readonly firstReplies?: boolean;
  /** What an earlier process had painted of this turn: it is edited and goes on. */
  readonly resume?: Painted;
  readonly onPainted?: (painted: Painted) => void;
  /** Nothing more can be shown in this place. */
  readonly onLost?: (reason: LostReason) => void;
  /** For the log: what was refused, without the text itself. */
  readonly log?: (event: string, details: Readonly<Record<string, unknown>>) => void;
}

/** Makes Discord equal to the latest view of one turn, with the fewest requests. */
export interface Painter {
  /** Something changed. Cheap; the newest state wins. */
  show(urgency?: Priority): void;
  /** Nothing will change any more. Resolves when the last state is visible or provably cannot be; never rejects. */
  settle(): Promise<void>;
  painted(): Painted;
}
