import { mayAsk } from "./access.ts";
import type { RequestItem } from "./approval.ts";
import { type ApprovalRow, guardsOf, operationStanding } from "./approval-row.ts";
import { type Decider, type DecidingContext, mayDecide } from "./policy.ts";
import { type GuardNow, questionsAreOpen } from "./verdicts.ts";

/** Who may do what with a pause: the same for buttons, forms, lists and commands. Refusals are sentences for people. */
export interface Entitlement {
  /** Undefined: this person may decide the item. */
  refusalFor(row: ApprovalRow, item: RequestItem, decider: Decider): string | undefined;
  /** The open items of a click (all, or the one at a position) that this person may decide; where there is none, why not. */
  entitledItems(
    row: ApprovalRow,
    item: "all" | number,
    decider: Decider,
  ): { readonly items: readonly RequestItem[]; readonly refusal: string | undefined };
  /** Undefined: this person may answer the question at these positions now. */
  questionRefusal(
    row: ApprovalRow,
    spot: { readonly item: number; readonly question: number },
    decider: Decider,
  ): string | undefined;
  /** Whether the pause is listed for this person, who may decide something of it. */
  maySee(row: ApprovalRow, decider: Decider): boolean;
}

/** Entitlement by the guards of a card's time and of now. */
export function createEntitlement(options: {
  readonly guardNow: (row: ApprovalRow) => GuardNow;
  /** Where the bot serves, as it is now. */
  readonly serving: () => Pick<DecidingContext, "access" | "presence">;
}): Entitlement {
  const { guardNow } = options;

  function refusalFor(row: ApprovalRow, item: RequestItem, decider: Decider): string | undefined {
    const guards = guardsOf(row, item, guardNow(row)(item));
    const access = mayDecide(guards, decider, { ...options.serving(), askerIds: row.askerIds });
    if (!access.allowed) return access.sentence;
    const { guildId } = row.place;
    if (guildId !== undefined && guildId !== decider.guildId) return "Decide this where it was asked.";
    // Without a rule of its own a question is for whoever may ask the agent.
    if (!guards.some((guard) => guard.basis === "anyone")) return undefined;
    const asks = mayAsk(options.serving().access, decider.actor, row.agent);
    return asks.allowed ? undefined : asks.sentence;
  }

  /** Operations that are still open; all of them, or the one at a position. */
  function openItems(row: ApprovalRow, item: "all" | number): readonly RequestItem[] {
    const chosen = item === "all" ? row.request.items : row.request.items.slice(item, item + 1);
    return chosen.filter(
      (one) => one.kind === "operation" && operationStanding(row, one, guardNow(row)(one)).state === "open",
    );
  }

  function entitledItems(row: ApprovalRow, item: "all" | number, decider: Decider) {
    const items = openItems(row, item);
    const refusals = items.map((one) => refusalFor(row, one, decider));
    const mine = items.filter((_, index) => refusals[index] === undefined);
    return { items: mine, refusal: mine.length > 0 ? undefined : refusals.find((one) => one !== undefined) };
  }

  function questionRefusal(
    row: ApprovalRow,
    spot: { readonly item: number; readonly question: number },
    decider: Decider,
  ): string | undefined {
    const item = row.request.items[spot.item];
    if (item?.kind !== "questions" || !item.questions[spot.question]) return "There is no such question.";
    if (!questionsAreOpen(row, guardNow(row))) return "The operations have to be decided first.";
    return refusalFor(row, item, decider);
  }

  return {
    refusalFor,
    entitledItems,
    questionRefusal,
    maySee: (row, decider) => row.request.items.some((item) => refusalFor(row, item, decider) === undefined),
  };
}
