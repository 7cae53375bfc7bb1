import type { AgentRef } from "../../conversation/agent-ref.ts";
import type { RequestItem } from "../../conversation/approval.ts";
import type { Guard } from "../../conversation/policy.ts";
import type { ClusterInfo } from "../../conversation/routing.ts";
import type { ButtonView, FileView } from "./message.ts";

/** One line of a select; `value` is the choice's position, `label` at most 100 code points. */
export interface OptionView {
  readonly label: string;
  readonly value: string;
  readonly chosen: boolean;
}

/** One row of controls: up to five buttons, or one select of 1 to 25 options. */
export type RowView =
  | { readonly kind: "buttons"; readonly buttons: readonly ButtonView[] }
  | {
      readonly kind: "select";
      readonly customId: string;
      readonly placeholder: string;
      readonly options: readonly OptionView[];
      /** At least one option is chosen; this many at most. */
      readonly most: number;
    };

/**
 * A message of Components V2 as it should look: one container with texts, files and controls from top to bottom. Within
 * Discord's limits (40 components, 4000 code points, about 9.5 kB of text).
 */
export interface CardView {
  /** `0xRRGGBB`. */
  readonly accent?: number;
  readonly blocks: readonly string[];
  readonly files: readonly FileView[];
  readonly rows: readonly RowView[];
}

/** How cards look, and what guards their items now. */
export interface CardLook {
  /** All configured clusters: an agent's is named where there is more than one. */
  readonly clusters: readonly ClusterInfo[];
  /** The guard that the present configuration gives an item. */
  guardNow(agent: AgentRef, item: RequestItem): Guard;
}
