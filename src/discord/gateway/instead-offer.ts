import type { Card } from "../../conversation/approval-row.ts";
import { renderInstead } from "../view/card-step.ts";
import type { ButtonView } from "../view/message.ts";
import type { Surroundings } from "./surroundings.ts";

/** What a message hears that came while a task waits for people; a plain message, so that its text can be edited later. */
export function insteadOffer(
  { cardLook }: Surroundings,
  card: Card,
  pending: { readonly id: string; readonly text: string },
): { readonly content: string; readonly buttons: readonly ButtonView[] } {
  const { blocks, rows } = renderInstead(pending, card, cardLook);
  return {
    content: blocks.join("\n"),
    buttons: rows.flatMap((row) => (row.kind === "buttons" ? row.buttons : [])),
  };
}
