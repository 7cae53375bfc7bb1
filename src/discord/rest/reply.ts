import type { AgentRef } from "../../conversation/agent-ref.ts";
import type { Clock, Log, Replies, Waiting } from "../../conversation/ports.ts";
import type { Prompt } from "../../conversation/prompt.ts";
import { isOver, type Turn, type TurnState } from "../../conversation/turn.ts";
import { idsOf } from "../../conversation/turn-line.ts";
import { renderTurn } from "../view/render.ts";
import { removeButton, renderQueued, renderRemoved, renderStarter } from "../view/starter.ts";
import type { Channels } from "./channel.ts";
import { messageNonce } from "./message-call.ts";
import { createPainter } from "./painter.ts";
import type { Priority } from "./schedule.ts";
import type { Scheduler } from "./scheduler.ts";
import { createTyping } from "./typing.ts";

/** What replies need, and how they look. */
export interface RepliesOptions {
  readonly scheduler: Scheduler;
  readonly channels: Channels;
  readonly clock: Clock;
  readonly log: Log;
  readonly label: (agent: AgentRef) => string;
  readonly maxMessages: number;
  readonly notify: boolean;
  /** Complete answers can be voted on. */
  readonly feedback?: boolean;
  /** The process is ending: nothing more is sent. */
  readonly isClosed: () => boolean;
}

/** Where nothing else shows that the question arrived, the place holder must come within a second. */
const BARE_PATIENCE_MS = 800;
/** A new thread and the public reply are visible already. */
const THREAD_PATIENCE_MS = 3_000;

/** Answers as Discord messages. */
export function createReplies(options: RepliesOptions): Replies {
  const { scheduler, channels, clock, log, label, maxMessages, notify } = options;

  function starterOf(prompt: Prompt, leg: number): (turn: Turn) => Promise<void> {
    const { starter } = prompt;
    let shown = prompt.starterWaits || leg > 0 ? "" : "working";
    return async (turn) => {
      if (!starter || turn.state === shown) return;
      shown = turn.state;
      const content = starterText(prompt, turn.state);
      await channels.edit(starter.channelId, starter.messageId, { content });
    };
  }

  function starterText(prompt: Prompt, state: TurnState, waiting?: Waiting): string {
    return renderStarter({
      prompt: prompt.text,
      actor: prompt.actor,
      agent: label(prompt.agent),
      state,
      ...(waiting === undefined ? {} : { waiting }),
      ...(prompt.previousAgent ? { previousAgent: label(prompt.previousAgent) } : {}),
    });
  }

  return {
    open(turn, prompt, painted, onPainted) {
      let latest = turn;
      let size = textSize(turn);
      const { place, id: turnId } = turn;
      const told = (more: Readonly<Record<string, unknown>>) => ({
        ...more,
        ...idsOf(latest),
        channelId: place.channelId,
      });
      const replyTo = turn.prompt.discordMessageId;
      // A vote finds the prompt by its turn; a sub-agent's turn has none of its own.
      const feedback = options.feedback === true && prompt.id === turnId;
      const painter = createPainter({
        scheduler,
        clock,
        channelId: place.channelId,
        // Each stretch between two pauses has messages of its own.
        turnId: turn.leg === 0 ? turnId : `${turnId}/${turn.leg}`,
        render: () => renderTurn(latest, { agentLabel: label, maxMessages, notify, feedback }),
        size: () => size,
        firstReplies: place.kind === "channel" || prompt.asReply === true,
        ...(replyTo === undefined ? {} : { replyTo }),
        resume: painted,
        onPainted,
        onLost: (reason) => log.warn(told({ reason }), "an answer cannot be shown"),
        log: (event, details) => log.warn(told({ ...details }), event),
      });
      const typing = createTyping({ scheduler, clock, channelId: place.channelId });
      const paintStarter = starterOf(prompt, turn.leg);
      if (prompt.starterWaits) void paintStarter(turn);
      const waiting = new AbortController();
      let begun = painted.messageIds.length > 0;

      function beginLater(): void {
        const patience = prompt.starter || place.kind === "thread" ? THREAD_PATIENCE_MS : BARE_PATIENCE_MS;
        clock.sleep(patience, waiting.signal).then(begin, () => {});
      }

      function begin(): void {
        begun = true;
        waiting.abort();
        painter.show();
      }

      if (!begun) beginLater();
      typing.start();

      return {
        show(next) {
          const before = size;
          latest = next;
          size = textSize(next);
          const isFirstText = before === 0 && size > 0;
          typing.keep(isSilent(next));
          if (next.state === "waiting" || turn.leg > 0) void paintStarter(next);
          if (begun) painter.show(isFirstText ? "first-text" : urgencyOf(next));
          else if (next.output.length > 0 || next.state !== "working") begin();
        },
        async settle(next) {
          latest = next;
          typing.stop();
          waiting.abort();
          await painter.settle();
          // Only now: whoever reads “done” in the channel finds the whole answer in the thread.
          await paintStarter(next);
          return !options.isClosed();
        },
      };
    },
    async queued(prompt, waiting, wanted) {
      if (prompt.starter && prompt.starterWaits) {
        const content = starterText(prompt, "working", waiting);
        const { channelId, messageId } = prompt.starter;
        await channels.edit(channelId, messageId, { content, buttons: [removeButton(prompt.id)], wanted });
        return undefined;
      }
      const view = { ...renderQueued(waiting, prompt), wanted };
      if (prompt.shownId !== undefined) {
        const isShown = await channels.edit(prompt.place.channelId, prompt.shownId, view);
        return isShown ? prompt.shownId : undefined;
      }
      const replyTo = prompt.discordMessageId;
      return channels.post(prompt.place.channelId, {
        ...view,
        nonce: messageNonce(prompt.id, "queued"),
        ...(replyTo === undefined ? {} : { replyTo }),
      });
    },
    async removed(prompt) {
      const content = renderRemoved(prompt);
      if (prompt.shownId !== undefined) {
        await channels.edit(prompt.place.channelId, prompt.shownId, { content });
      }
      if (prompt.starter) {
        await channels.edit(prompt.starter.channelId, prompt.starter.messageId, { content });
      }
    },
  };
}

function urgencyOf(turn: Turn): Priority {
  return turn.state === "waiting" ? "waiting" : isOver(turn) ? "final" : "progress";
}

/** Characters of the answer so far. */
function textSize(turn: Turn): number {
  return turn.output.reduce((sum, item) => sum + (item.kind === "text" ? item.text.length : 0), 0);
}

/** Nothing readable is coming: before the first word, and while a tool works. */
function isSilent(turn: Turn): boolean {
  const last = turn.output.at(-1);
  return (
    turn.state === "working" && (last === undefined || (last.kind === "tool" && last.endedAt === undefined))
  );
}
