import type { ApprovalRow } from "./approval-row.ts";
import type { Painted } from "./ports.ts";
import type { Prompt } from "./prompt.ts";
import type { Turn } from "./turn.ts";

/** A turn in flight as it is stored: enough to find its task and its messages again. */
export interface TurnRow {
  readonly turn: Turn;
  readonly prompt: Prompt;
  readonly painted: Painted;
  /** The turn waits for people, and its messages show so. */
  readonly rested?: boolean;
  /** The pause that was decided last: its card may have to say that the agent could not go on with that. */
  readonly decidedPause?: ApprovalRow;
}
