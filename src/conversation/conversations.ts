import type { AgentEvent, AgentRef } from "./agent.ts";
import type { Contexts } from "./context.ts";
import { BridgeError } from "./errors.ts";
import { createMailbox } from "./mailbox.ts";
import { toOutgoing } from "./outgoing.ts";
import type { Place } from "./place.ts";
import type { Attachments, Clock, Directory, Log, Painted, Replies, Store, Waiting } from "./ports.ts";
import type { Prompt } from "./prompt.ts";
import { toProblem } from "./run.ts";
import { createRunningTurns, type StopOutcome, type TurnRow, taskOf } from "./running-turns.ts";
import { failedWith, startTurn, type Turn } from "./turn.ts";

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
  /** Asks the agent to stop what runs in a place. */
  stop(place: Place): Promise<StopOutcome>;
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
  removeWaiting(matches: (prompt: Prompt) => boolean): Promise<Prompt | undefined>;
  /** Picks up every turn and prompt that was unfinished when the process ended; resolves with their number. */
  recover(): Promise<number>;
  /** Takes nothing new and stops reading; what is unfinished stays in the store. */
  close(): Promise<void>;
  running(): number;
}

/** What the core needs; everything else is its own business. */
export interface ConversationsOptions {
  readonly directory: Directory;
  readonly replies: Replies;
  readonly attachments: Attachments;
  readonly contexts: Contexts;
  readonly turns: Store<TurnRow>;
  readonly queue: Store<Prompt>;
  /** Prompts that were asked, for Try again. */
  readonly asked: Store<Prompt>;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  readonly newTraceparent: () => string;
  /** How many prompts may wait in one place. */
  readonly queueLimit: number;
}

/** Try again works for a week: as long as a thread stays open. */
const ASKED_TTL_MS = 7 * 24 * 60 * 60 * 1000;

/** The conversations of all places. */
export function createConversations(options: ConversationsOptions): Conversations {
  const { directory, replies, contexts, turns, clock, log } = options;
  const runningTurns = createRunningTurns(options);
  const patience = new Map<string, AbortController>();
  let closing = false;
  const mailbox = createMailbox({
    entries: options.queue,
    limit: options.queueLimit,
    run,
    onWaiting: (prompt, position) => void showWaiting(prompt, { kind: "position", position }),
  });

  async function showWaiting(prompt: Prompt, waiting: Waiting): Promise<void> {
    const shownId = await replies.queued(prompt, waiting);
    if (shownId === undefined || shownId === prompt.shownId) return;
    await mailbox.change(
      (one) => one.id === prompt.id,
      (one) => ({ ...one, shownId }),
    );
  }

  async function run(waited: Prompt, taken: () => Promise<void>): Promise<void> {
    let prompt = waited;
    try {
      prompt = await afterStoppedRun(waited);
      if (closing) return;
      const row = await begin(prompt);
      await turns.set(row.turn.id, row);
      await options.asked.set(row.turn.id, prompt, ASKED_TTL_MS);
      await taken();
      await runningTurns.carry(row, (live) => send(live.turn, prompt, live.abort.signal));
    } catch (error) {
      await failBeforeStart(prompt, error);
      await taken().catch((reason: unknown) => log.error({ err: reason }, "a prompt could not be taken"));
    }
  }

  async function begin(prompt: Prompt): Promise<TurnRow> {
    const { contextId, userId } = await contexts.of(prompt.place, prompt.agent);
    const turn = turnOf(prompt, {
      contextId,
      userId,
      messageId: `m-${options.newId()}`,
      traceparent: options.newTraceparent(),
      startedAt: clock.now(),
    });
    return { turn, prompt, painted: shownBy(prompt) };
  }

  async function failBeforeStart(prompt: Prompt, error: unknown): Promise<void> {
    log.error({ err: error, turnId: prompt.id }, "a prompt could not be started");
    const ids = { contextId: "", userId: "", messageId: "", traceparent: "", startedAt: clock.now() };
    const turn = turnOf(prompt, ids);
    const reply = replies.open(turn, prompt, shownBy(prompt), () => {});
    await reply.settle(failedWith(turn, toProblem(error, prompt.id), false, clock.now()));
  }

  async function* send(turn: Turn, prompt: Prompt, signal: AbortSignal): AsyncIterable<AgentEvent> {
    const attachments = await options.attachments.fetch(prompt.files, signal);
    yield* directory.agent(turn.agent).send(toOutgoing(turn, prompt, attachments), signal);
  }

  /** Waits, visibly, for a stopped run that its agent could not end; a fresh context ends the wait. */
  async function afterStoppedRun(prompt: Prompt): Promise<Prompt> {
    const { leftRunning } = await contexts.of(prompt.place, prompt.agent);
    if (!leftRunning) return prompt;
    const abort = new AbortController();
    patience.set(prompt.place.channelId, abort);
    const shownId = await replies.queued(prompt, { kind: "stopped-run" });
    try {
      for await (const event of directory.agent(prompt.agent).follow(leftRunning, abort.signal)) {
        if (event.kind === "over" || event.kind === "waiting") break;
      }
    } catch (error) {
      log.warn({ err: error, turnId: prompt.id }, "a stopped run could not be followed");
    } finally {
      patience.delete(prompt.place.channelId);
    }
    if (!abort.signal.aborted) await contexts.setLeftRunning(prompt.place, prompt.agent, undefined);
    return shownId === undefined ? prompt : { ...prompt, shownId };
  }

  function recoverTurn(row: TurnRow): void {
    mailbox.occupy(row.prompt, () =>
      runningTurns.carry(row, (live) => {
        const task = taskOf(live.turn);
        return task ? directory.agent(live.turn.agent).follow(task, live.abort.signal) : lostBeforeStart();
      }),
    );
  }

  return {
    ask: (prompt) => mailbox.post(prompt),
    stop: (place) => runningTurns.stop(place),
    promptOf: (turnId) => options.asked.get(turnId),
    async renew(place, agent) {
      await contexts.renew(place, agent);
      patience.get(place.channelId)?.abort();
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
      return (await mailbox.change(isThis, (prompt) => ({ ...prompt, text }))) !== undefined;
    },
    async removeWaiting(matches) {
      const removed = await mailbox.remove(matches);
      if (removed) await replies.removed(removed);
      return removed;
    },
    async recover() {
      const rows = await turns.list("");
      const begun = new Set(rows.map((row) => row.value.turn.id));
      for (const row of rows) recoverTurn(row.value);
      const waiting = (await options.queue.list("")).filter((entry) => !begun.has(entry.value.id));
      for (const entry of waiting) mailbox.restore(entry.value);
      return rows.length + waiting.length;
    },
    async close() {
      closing = true;
      mailbox.close();
      runningTurns.abandon();
      for (const abort of patience.values()) abort.abort();
      await mailbox.idle();
    },
    running: () => runningTurns.count(),
  };
}

function turnOf(
  prompt: Prompt,
  ids: Pick<Turn, "contextId" | "userId" | "messageId" | "traceparent" | "startedAt">,
): Turn {
  const { id, place, agent, actor, text, discordMessageId } = prompt;
  const asked = { actor, text, ...(discordMessageId === undefined ? {} : { discordMessageId }) };
  return startTurn({ ...ids, id, place, agent, prompt: asked });
}

function shownBy(prompt: Prompt): Painted {
  return { messageIds: prompt.shownId === undefined ? [] : [prompt.shownId] };
}

/** The process ended between sending and the agent's first word: sending again could run the question twice. */
async function* lostBeforeStart(): AsyncIterable<AgentEvent> {
  yield {
    kind: "over",
    outcome: "lost",
    error: new BridgeError(
      "agent-lost",
      "I was restarted before the agent confirmed this question; it may have received it. Try again if nothing came of it.",
    ),
  };
}
