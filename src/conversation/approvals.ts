import type { RequestItem } from "./approval.ts";
import type { ApprovalBook } from "./approval-book.ts";
import type { ApprovalRow, Card } from "./approval-row.ts";
import type { Audit } from "./audit.ts";
import { pauseRecord, votesRecord } from "./audit-trail.ts";
import type { CardKeeper } from "./card-keeper.ts";
import { createEntitlement } from "./entitlement.ts";
import type { PauseClaims } from "./pause-claims.ts";
import type { Pauses } from "./pauses.ts";
import type { Actor, Place } from "./place.ts";
import type { Decider, DecidingContext } from "./policy.ts";
import type { Clock } from "./ports.ts";
import type { Vote } from "./standing.ts";

/**
 * What a click came to. `counted`: it stands, and more is needed; `decided`: it was the last one that was needed;
 * `refused`: why not, and who can; `over`: it was decided before.
 */
export type ClickOutcome =
  | { readonly kind: "counted"; readonly card: Card }
  | { readonly kind: "decided"; readonly card: Card }
  | { readonly kind: "refused"; readonly sentence: string }
  | { readonly kind: "over"; readonly sentence: string };

/** A verdict of one person: on all operations that this person may decide, or on one (position in the request's items). */
export interface Verdicts {
  readonly item: "all" | number;
  readonly approved: boolean;
  readonly reason?: string;
}

/** An answer of one person to one question: positions in the request's items and in the set. */
interface AnswerGiven {
  readonly item: number;
  readonly question: number;
  readonly values: readonly string[];
}

/** The pauses that wait for people. Everything is decided here, whichever button, form or command asks. */
export interface Approvals {
  /** The card of a pause; undefined when it is over and forgotten. */
  card(id: string): Promise<Card | undefined>;
  /** Whether this person may decide this item (or anything, with "all"), and if not why. */
  mayDecide(id: string, item: "all" | number, decider: Decider): Promise<ClickOutcome | "allowed">;
  decide(id: string, decider: Decider, verdicts: Verdicts): Promise<ClickOutcome>;
  answer(id: string, decider: Decider, answer: AnswerGiven): Promise<ClickOutcome>;
  /** Sends a doubtful decision once more: somebody entitled has looked. */
  sendAgain(id: string, decider: Decider): Promise<ClickOutcome>;
  /** What waits in a place. */
  inPlace(place: Place): Card | undefined;
  /** Everything that is not delivered yet, whoever may decide it. */
  waiting(): Promise<readonly ApprovalRow[]>;
  /** Everything that waits, and this person may decide, newest last. */
  waitingFor(decider: Decider): Promise<readonly Card[]>;
  /**
   * Rejects what waits in matching places, with the reason as the agent reads it: a deleted thread, a removed bot. Resolves with
   * how many there were.
   */
  rejectWhere(matches: (row: ApprovalRow) => boolean, reason: string, actor?: Actor): Promise<number>;
  /** A message was deleted: if it was a card it is posted again. */
  cardDeleted(messageId: string): Promise<void>;
  /** Makes every card look as it stands: what happened to it in Discord may have gone unheard. */
  showAgain(): Promise<void>;
}

/** What deciding needs. */
export interface ApprovalsOptions {
  readonly book: ApprovalBook;
  readonly claims: PauseClaims;
  readonly keeper: CardKeeper;
  readonly pauses: Pauses;
  readonly audit: Audit;
  /** Where the bot serves, as it is now. */
  readonly serving: () => Pick<DecidingContext, "access" | "presence">;
  readonly clock: Clock;
}

const OVER = "This was decided already.";

/** Approvals over the book: votes and answers in, one decision out. */
export function createApprovals(options: ApprovalsOptions): Approvals {
  const { book, claims, keeper, pauses, audit, clock } = options;
  const { refusalFor, entitledItems, questionRefusal, maySee } = createEntitlement({
    guardNow: claims.guardNow,
    serving: options.serving,
  });

  async function refused(row: ApprovalRow, decider: Decider, sentence: string): Promise<ClickOutcome> {
    const { actor } = decider;
    await audit.write(pauseRecord("refused", row, clock.now(), { actor, detail: "not entitled" }));
    return { kind: "refused", sentence };
  }

  async function open(id: string): Promise<ApprovalRow | undefined> {
    const row = await book.row(id);
    return row && !(await book.decision(id)) ? row : undefined;
  }

  async function over(id: string): Promise<ClickOutcome> {
    await keeper.refresh(id);
    return { kind: "over", sentence: OVER };
  }

  /** The row changed: perhaps that was the last thing that was needed. */
  async function counted(row: ApprovalRow): Promise<ClickOutcome> {
    const isFirst = await claims.claimIfComplete(row);
    if (isFirst === false) return over(row.id);
    void keeper.refresh(row.id);
    const card = await book.card(row);
    return { kind: isFirst ? "decided" : "counted", card };
  }

  function votesOf(
    row: ApprovalRow,
    items: readonly RequestItem[],
    decider: Decider,
    verdicts: Verdicts,
  ): readonly Vote[] {
    const { actor } = decider;
    const isNew = (item: RequestItem) =>
      !row.votes.some((vote) => vote.itemId === item.id && vote.actorId === actor.id);
    // Who approved may still reject: one rejection is enough to stop what one no longer wants.
    return items
      .filter((item) => isNew(item) || !verdicts.approved)
      .map((item) => ({
        itemId: item.id,
        actorId: actor.id,
        actorName: actor.name,
        roleIds: actor.roleIds,
        manager: actor.manager,
        approved: verdicts.approved,
        ...(verdicts.reason === undefined || verdicts.approved ? {} : { reason: verdicts.reason }),
        at: clock.now(),
      }));
  }

  return {
    async card(id) {
      const row = await book.row(id);
      return row && book.card(row);
    },
    async mayDecide(id, item, decider) {
      const row = await open(id);
      if (!row) return over(id);
      const one = item === "all" ? undefined : row.request.items[item];
      const refusal =
        one?.kind === "questions" ? refusalFor(row, one, decider) : entitledItems(row, item, decider).refusal;
      return refusal === undefined ? "allowed" : refused(row, decider, refusal);
    },
    async decide(id, decider, verdicts) {
      const row = await open(id);
      if (!row) return over(id);
      const { items, refusal } = entitledItems(row, verdicts.item, decider);
      if (refusal !== undefined) return refused(row, decider, refusal);
      const votes = votesOf(row, items, decider, verdicts);
      if (votes.length === 0) {
        // Complete, and not claimed yet: the store failed in between, or a rule asks for fewer again.
        if ((await claims.claimIfComplete(row)) !== undefined) return over(id);
        return { kind: "over", sentence: "You have decided this already; somebody else is needed too." };
      }
      // First the evidence: a vote that cannot be recorded does not count.
      await audit.write(votesRecord(row, votes, decider.actor, clock.now()));
      const changed = await book.change(id, (now) => ({ ...now, votes: [...now.votes, ...votes] }));
      return changed ? counted(changed) : over(id);
    },
    async answer(id, decider, answer) {
      const row = await open(id);
      if (!row) return over(id);
      const refusal = questionRefusal(row, answer, decider);
      if (refusal !== undefined) return refused(row, decider, refusal);
      const item = row.request.items[answer.item];
      if (!item) return over(id);
      const { actor } = decider;
      await audit.write(votesRecord(row, [{ itemId: item.id, approved: true }], actor, clock.now()));
      const given = {
        itemId: item.id,
        index: answer.question,
        values: answer.values,
        actorId: actor.id,
        actorName: actor.name,
      };
      const changed = await book.change(id, (now) => ({ ...now, answers: [...now.answers, given] }));
      return changed ? counted(changed) : over(id);
    },
    async sendAgain(id, decider) {
      const row = await book.row(id);
      const outbox = await book.decision(id);
      if (!row || outbox?.state !== "doubtful") return over(id);
      const refusals = row.request.items.map((item) => refusalFor(row, item, decider));
      const refusal = refusals.find((one) => one !== undefined);
      if (refusal !== undefined) return refused(row, decider, refusal);
      const { actor } = decider;
      await audit.write(pauseRecord("voted", row, clock.now(), { actor, detail: "send again" }));
      if (!(await book.advance(id, outbox, { ...outbox, state: "decided" }))) return over(id);
      void keeper.refresh(id);
      return { kind: "decided", card: await book.card(row) };
    },
    inPlace: (place) => {
      const row = pauses.inPlace(place);
      return row && { row, state: { kind: "open" } };
    },
    waiting: () => book.rows(),
    async waitingFor(decider) {
      const rows = await book.rows();
      const here = rows.filter((row) => row.place.guildId === decider.guildId);
      const cards = await Promise.all(here.map((row) => book.card(row)));
      return cards
        .filter(({ row, state }) => state.kind === "open" && maySee(row, decider))
        .sort((a, b) => a.row.requestedAt - b.row.requestedAt);
    },
    async rejectWhere(matches, reason, actor) {
      const rows = (await book.rows()).filter(matches);
      const rejected = await Promise.all(rows.map((row) => pauses.reject(row.id, "closed", reason, actor)));
      return rejected.filter((one) => one).length;
    },
    cardDeleted: (messageId) => keeper.deleted(messageId),
    async showAgain() {
      for (const { id } of await book.rows()) await keeper.refresh(id);
    },
  };
}
