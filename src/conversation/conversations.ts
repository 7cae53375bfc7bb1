import type { AgentRef } from "./agent-ref.ts";
import type { Audit } from "./audit.ts";
import { turnRecord } from "./audit-trail.ts";
import { createMailbox, type Due } from "./mailbox.ts";
import type { Pauses } from "./pauses.ts";
import type { Actor, Place } from "./place.ts";
import type { Attachments, Clock, Directory, Store } from "./ports.ts";
import type { Prompt } from "./prompt.ts";
import { createPromptStarts, type PromptStartsOptions } from "./prompt-starts.ts";
import { createQueueNotices } from "./queue-notices.ts";
import type { Unfinished } from "./quota.ts";
import { recover } from "./recovery.ts";
import { createRunningTurns } from "./running-turns.ts";
import { send } from "./sending.ts";
import { createStoppedRuns } from "./stopped-runs.ts";
import type { StopOutcome } from "./stopping.ts";
import { deletingSurely } from "./sure-delete.ts";
import { promptUnder, type Tracer } from "./tracer.ts";
import { isOver, type Turn } from "./turn.ts";

/** What goes on in a place. */
export interface PlaceStatus {
  readonly running: Turn | undefined;
  readonly waiting: readonly Prompt[];
  readonly agent: AgentRef | undefined;
}

/** The core: prompts in, turns out. */
export interface Conversations {
  /** Takes a prompt; it runs when its turn has come. Rejects with `BridgeError` when it cannot be taken. */
  ask(prompt: Prompt): Promise<void>;
  /** Throws `BridgeError("queue-full")` where one more prompt could not be taken. */
  needRoom(place: Place): void;
  /** Where one more prompt would wait, 1 being the next; 0 where it would run at once. */
  position(place: Place): number;
  /** Asks the agent to stop what runs in a place. */
  stop(place: Place, actor?: Actor): Promise<StopOutcome>;
  /** The prompt of a turn, for Try again; undefined when it is not remembered any more. */
  promptOf(turnId: string): Promise<Prompt | undefined>;
  /** Makes the agent forget this place. */
  renew(place: Place, agent: AgentRef): Promise<void>;
  agentOf(place: Place): Promise<AgentRef | undefined>;
  setAgent(place: Place, agent: AgentRef): Promise<void>;
  contextOf(place: Place, agent: AgentRef): Promise<string>;
  status(place: Place): Promise<PlaceStatus>;
  /** Changes the text of a prompt that still waits; false when it does not wait any more. */
  editWaiting(discordMessageId: string, text: string): Promise<boolean>;
  /** Takes back every such prompt that still waits, and says so; resolves with those. */
  removeWaiting(matches: (prompt: Prompt) => boolean): Promise<readonly Prompt[]>;
  /** Places are gone: nobody can read there any more, so what waits is removed and what runs is stopped. */
  leave(isGone: (place: Place) => boolean): Promise<void>;
  /** Picks up every turn and prompt that was unfinished when the process ended; resolves with their number. */
  recover(): Promise<number>;
  /** Begins nothing new: what is asked from now on waits in the store for the next start. */
  hold(): void;
  /** Holds, and stops reading; what is unfinished stays in the store. */
  close(): Promise<void>;
  running(): number;
  /** Prompts that run or wait in line, in all places; what rests until people decide is not among them. */
  unfinished(): readonly Unfinished[];
}

/** What the core needs; everything else is its own business. */
export interface ConversationsOptions extends PromptStartsOptions {
  readonly directory: Directory;
  readonly attachments: Attachments;
  readonly pauses: Pauses;
  readonly audit: Audit;
  readonly queue: Store<Prompt>;
  readonly clock: Clock;
  readonly tracer: Tracer;
  /** How many prompts may wait in one place. */
  readonly queueLimit: number;
}

/** The conversations of all places. */
export function createConversations(given: ConversationsOptions): Conversations {
  const ending = new AbortController();
  const options: ConversationsOptions = {
    ...given,
    turns: deletingSurely(given.turns, given.clock, ending.signal),
    queue: deletingSurely(given.queue, given.clock, ending.signal),
  };
  const { replies, contexts, turns, tracer, clock, log } = options;
  const runningTurns = createRunningTurns(options);
  const starts = createPromptStarts(options);
  const stoppedRuns = createStoppedRuns({ ...options, unnamedIn: runningTurns.unnamedIn });
  const notices = createQueueNotices(replies.queued, async (promptId, shownId) => {
    const isThis = (one: Prompt) => one.id === promptId;
    await mailbox
      .change(isThis, (one) => ({ ...one, shownId }))
      .catch((err: unknown) => log.error({ err, turnId: promptId }, "a notice could not be stored"));
  });
  const mailbox = createMailbox({
    entries: options.queue,
    limit: options.queueLimit,
    run: (due) => tracer.first(due.prompt(), (traceparent) => run(due, traceparent)),
    onWaiting: (prompt, position) => notices.show(prompt, { kind: "position", position }),
  });
  let closing = false;

  async function run(due: Due, traceparent: string): Promise<void> {
    let prompt = due.prompt();
    let isBegun = false;
    try {
      const onWait = () => notices.show(due.prompt(), { kind: "stopped-run" });
      await stoppedRuns.over(prompt, due.removed, onWait);
      if (closing || due.removed.aborted) return;
      prompt = withNotice(due.take(), await notices.end(prompt));
      const row = await starts.begin(prompt, traceparent);
      if (closing) return;
      isBegun = await starts.isFirst(row);
      if (!isBegun) return await due.stored();
      await options.audit.write(turnRecord("asked", row.turn, clock.now()));
      await due.stored();
      await runningTurns.carry(row, (live) => send(live.turn, prompt, live.abort.signal, options));
    } catch (error) {
      await starts.fail(prompt, traceparent, error);
      // People have read how it ended: the next start must not take it for a turn in flight. Another process's turn is.
      if (isBegun)
        await turns
          .delete(prompt.id)
          .catch((err: unknown) => log.error({ err }, "a turn could not be deleted"));
      await due.stored().catch((err: unknown) => log.error({ err }, "a prompt could not be taken"));
    }
  }

  function hold(): void {
    closing = true;
    mailbox.close();
  }

  async function removeOne(matches: (prompt: Prompt) => boolean): Promise<Prompt | undefined> {
    const removed = await mailbox.remove(matches);
    if (removed) await replies.removed(withNotice(removed, await notices.end(removed)));
    return removed;
  }

  async function removeWaiting(matches: (prompt: Prompt) => boolean): Promise<readonly Prompt[]> {
    const removed: Prompt[] = [];
    for (let one = await removeOne(matches); one; one = await removeOne(matches)) removed.push(one);
    return removed;
  }

  return {
    ask: (prompt) => mailbox.post(promptUnder(prompt, tracer)),
    needRoom: (place) => mailbox.needRoom(place.channelId),
    position: (place) => mailbox.position(place.channelId),
    stop: (place, actor) => runningTurns.stop(place, actor),
    promptOf: (turnId) => options.asked.get(turnId),
    async renew(place, agent) {
      const paused = options.pauses.inPlace(place);
      // Its answer would come from a context that nobody here talks to any more.
      if (paused) await options.pauses.reject(paused.id, "closed", "The conversation was begun anew.");
      await contexts.renew(place, agent);
      stoppedRuns.release(place.channelId);
    },
    agentOf: (place) => contexts.agentOf(place),
    setAgent: (place, agent) => contexts.setAgent(place, agent),
    contextOf: async (place, agent) => (await contexts.of(place, agent)).contextId,
    async status(place) {
      return {
        running: runningTurns.of(place),
        waiting: mailbox.waiting(place.channelId),
        agent: await contexts.agentOf(place),
      };
    },
    async editWaiting(discordMessageId, text) {
      const isThis = (prompt: Prompt) => prompt.discordMessageId === discordMessageId;
      const changed = await mailbox.change(isThis, (prompt) => ({ ...prompt, text }));
      if (changed && !notices.refresh(changed)) {
        // It may have begun while its change was being stored.
        const position = mailbox.waiting(changed.place.channelId).indexOf(changed) + 1;
        if (position > 0) notices.show(changed, { kind: "position", position });
      }
      return changed !== undefined;
    },
    removeWaiting,
    async leave(isGone) {
      await removeWaiting((prompt) => isGone(prompt.place));
      await runningTurns.stopAll(isGone);
    },
    recover: () => recover({ ...options, mailbox, runningTurns }),
    hold,
    async close() {
      hold();
      runningTurns.abandon();
      stoppedRuns.close();
      await mailbox.idle();
      ending.abort();
    },
    running: () => runningTurns.count(),
    unfinished: () =>
      mailbox
        .unfinished()
        .filter(({ id, place }) => {
          const turn = runningTurns.of(place);
          // The last state of an answer may be painted long after its agent is done.
          return turn?.state !== "waiting" && !(turn?.id === id && isOver(turn));
        })
        .map(unfinishedOf),
  };
}

/** The notice that said that a prompt waits becomes the first message of its answer. */
function withNotice(prompt: Prompt, noticeId: string | undefined): Prompt {
  const { shownId: _, ...asked } = prompt;
  return noticeId === undefined ? asked : { ...asked, shownId: noticeId };
}

function unfinishedOf({ actor, place }: Prompt): Unfinished {
  const guild = place.guildId === undefined ? {} : { guildId: place.guildId };
  return { actorId: actor.id, ...guild, placeId: place.channelId };
}
