/** What a button, select or form does; ids and positions only, never content. */
export type Action =
  | { readonly act: "stop"; readonly turnId: string }
  | { readonly act: "retry"; readonly turnId: string }
  | { readonly act: "unqueue"; readonly promptId: string }
  /** What somebody thinks of a complete answer. */
  | { readonly act: "vote"; readonly turnId: string; readonly vote: "up" | "down" }
  /** A question that waits for a confirmation of its cluster. */
  | { readonly act: "confirm"; readonly pendingId: string; readonly yes: boolean }
  /** The form "Ask an agent about this". */
  | { readonly act: "about"; readonly pendingId: string }
  /** Approve, reject, and reject with a reason: `why` opens the form, and the form's submit carries it too. */
  | { readonly act: "ok" | "no" | "why"; readonly requestId: string; readonly item: number | "all" }
  /** Decide one by one, at that item. */
  | { readonly act: "each"; readonly requestId: string; readonly item: number }
  /** Opens or pages the questions. */
  | {
      readonly act: "ask";
      readonly requestId: string;
      readonly item: number;
      readonly question: number;
      readonly page: number;
    }
  /** A select's values, or, with `choice`, a button's one choice. */
  | {
      readonly act: "pick";
      readonly requestId: string;
      readonly item: number;
      readonly question: number;
      readonly choice?: number;
    }
  /** The form for an answer in free text: the button that opens it, and its submit. */
  | {
      readonly act: "write";
      readonly requestId: string;
      readonly item: number;
      readonly question: number;
    }
  /** Sends a decision of which it is in doubt whether it arrived once more. */
  | { readonly act: "again"; readonly requestId: string }
  /** What to do with a message that came while a task waits. */
  | { readonly act: "instead"; readonly pendingId: string; readonly yes: boolean }
  /** Asks the questions that came while the bot was away, or leaves them. */
  | { readonly act: "missed"; readonly listId: string; readonly yes: boolean };

const ID = /^[\w-]{1,64}$/;
const POSITION = /^(?:0|[1-9]\d{0,4})$/;

/** The `custom_id` of an action: at most 100 characters. */
export function toCustomId(action: Action): string {
  switch (action.act) {
    case "stop":
    case "retry":
      return `${action.act}:${action.turnId}`;
    case "unqueue":
      return `unqueue:${action.promptId}`;
    case "confirm":
    case "instead":
      return `${action.act}:${action.pendingId}:${action.yes ? "yes" : "no"}`;
    case "vote":
      return `vote:${action.turnId}:${action.vote}`;
    case "missed":
      return `missed:${action.listId}:${action.yes ? "yes" : "no"}`;
    case "about":
      return `about:${action.pendingId}`;
    case "ok":
    case "no":
    case "why":
    case "each":
      return `${action.act}:${action.requestId}:${action.item}`;
    case "ask":
      return `ask:${action.requestId}:${action.item}:${action.question}:${action.page}`;
    case "pick": {
      const { requestId, item, question, choice } = action;
      return [`pick:${requestId}:${item}:${question}`, ...(choice === undefined ? [] : [choice])].join(":");
    }
    case "write":
      return `write:${action.requestId}:${action.item}:${action.question}`;
    case "again":
      return `again:${action.requestId}`;
  }
}

/** Reads a `custom_id`; undefined for one that this version does not know (an old message's). */
export function readCustomId(customId: string): Action | undefined {
  const [act = "", id = "", ...rest] = customId.split(":");
  if (!ID.test(id)) return undefined;
  return ofTurn(act, id, rest) ?? ofRequest(act, id, rest);
}

function ofTurn(act: string, id: string, rest: readonly string[]): Action | undefined {
  const [word] = rest;
  if (act === "stop" || act === "retry") return { act, turnId: id };
  if (act === "unqueue") return { act, promptId: id };
  if (act === "about") return { act, pendingId: id };
  if (act === "vote" && (word === "up" || word === "down")) return { act, turnId: id, vote: word };
  if ((act === "confirm" || act === "instead") && (word === "yes" || word === "no"))
    return { act, pendingId: id, yes: word === "yes" };
  if (act === "missed" && (word === "yes" || word === "no")) return { act, listId: id, yes: word === "yes" };
  return undefined;
}

function ofRequest(act: string, requestId: string, rest: readonly string[]): Action | undefined {
  if (act === "again") return rest.length === 0 ? { act, requestId } : undefined;
  const isVerdict = act === "ok" || act === "no" || act === "why";
  if (isVerdict && rest.length === 1 && rest[0] === "all") return { act, requestId, item: "all" };
  if (!rest.every((part) => POSITION.test(part))) return undefined;
  const [item, question, last] = rest.map(Number);
  if (item === undefined) return undefined;
  if (rest.length === 1) return isVerdict || act === "each" ? { act, requestId, item } : undefined;
  if (question === undefined) return undefined;
  if (rest.length === 2)
    return act === "pick" || act === "write" ? { act, requestId, item, question } : undefined;
  if (last === undefined || rest.length > 3) return undefined;
  if (act === "ask") return { act, requestId, item, question, page: last };
  return act === "pick" ? { act, requestId, item, question, choice: last } : undefined;
}
