/** What a button or form does; ids only, never content. */
export type Action =
  | { readonly act: "stop"; readonly turnId: string }
  | { readonly act: "retry"; readonly turnId: string }
  | { readonly act: "unqueue"; readonly promptId: string }
  /** A question that waits for a confirmation of its cluster. */
  | { readonly act: "confirm"; readonly pendingId: string; readonly yes: boolean }
  /** The form "Ask an agent about this". */
  | { readonly act: "about"; readonly pendingId: string };

/** The `custom_id` of an action: at most 100 characters. */
export function toCustomId(action: Action): string {
  switch (action.act) {
    case "stop":
    case "retry":
      return `${action.act}:${action.turnId}`;
    case "unqueue":
      return `unqueue:${action.promptId}`;
    case "confirm":
      return `confirm:${action.pendingId}:${action.yes ? "yes" : "no"}`;
    case "about":
      return `about:${action.pendingId}`;
  }
}

/** Reads a `custom_id`; undefined for one that this version does not know (an old message's). */
export function readCustomId(customId: string): Action | undefined {
  const [act, id, rest] = customId.split(":");
  if (id === undefined || !/^[\w-]{1,64}$/.test(id)) return undefined;
  if (act === "stop" || act === "retry") return { act, turnId: id };
  if (act === "unqueue") return { act, promptId: id };
  if (act === "about") return { act, pendingId: id };
  if (act === "confirm" && (rest === "yes" || rest === "no"))
    return { act, pendingId: id, yes: rest === "yes" };
  return undefined;
}
