import type { ButtonView } from "../view/message.ts";
import { toCustomId } from "./custom-id.ts";

/** The question before production is touched because of a word. `agent` and `cluster` are safe to print. */
export function confirmText(agent: string, cluster: string): string {
  return `Your question names **${cluster}**, a production cluster. Shall I ask ${agent} there?`;
}

/** What is left of that question after the click. */
export function confirmedText(yes: boolean, cluster: string): string {
  return yes ? `Confirmed: I ask on **${cluster}**.` : "Not asked.";
}

/** Its two answers. */
export function confirmButtons(pendingId: string, cluster: string): readonly ButtonView[] {
  return [
    {
      label: `Ask on ${cluster}`.slice(0, 80),
      customId: toCustomId({ act: "confirm", pendingId, yes: true }),
      style: "danger",
    },
    {
      label: "Do not ask",
      customId: toCustomId({ act: "confirm", pendingId, yes: false }),
      style: "secondary",
    },
  ];
}
