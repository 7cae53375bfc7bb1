import { mayAsk } from "../../conversation/access.ts";
import type { AgentRef } from "../../conversation/agent-ref.ts";
import type { Card } from "../../conversation/approval-row.ts";
import type { Place } from "../../conversation/place.ts";
import type { MessageAddress, Prompt } from "../../conversation/prompt.ts";
import { type Choice, chooseAgent, isSameAgent } from "../../conversation/routing.ts";
import { renderStarter, threadName } from "../view/starter.ts";
import { channelIdsOf } from "./event.ts";
import { missingAgent } from "./missing-agent.ts";
import { THREAD_PERMISSION } from "./permissions.ts";
import { applicantOf, askCounted, quotaRefusal } from "./quota-refusal.ts";
import { mayUseHere, sentenceFor } from "./refusal.ts";
import type { Asked, Surroundings } from "./surroundings.ts";
import { openCardIn } from "./waiting-here.ts";

/** How a question speaks back before its turn begins. */
export interface Front {
  /** Says why not, to this person. */
  refuse(sentence: string): Promise<void>;
  /** Asks this person to confirm the cluster; the click finds `pendingId`. */
  confirm(agent: AgentRef, pendingId: string): Promise<void>;
  /** Says that a task waits here for people, and what can be done; the click finds the pending question. */
  instead(card: Card, pending: { readonly id: string; readonly text: string }): Promise<void>;
  /** Makes the question publicly visible; the message that a thread can be opened from, and whether it is ours. */
  begin(content: string): Promise<{ readonly address: MessageAddress; readonly ours: boolean } | undefined>;
}

/** What people clicked before a question is asked (again). */
interface Clicked {
  /** The person agreed to a production cluster that the words chose. */
  readonly confirmed?: boolean;
  /** The request that was rejected so that this question is sent instead. */
  readonly rejected?: string;
}

/** A question from any entrance on its way into the core. */
export interface Asking {
  /** Never rejects. */
  ask(asked: Asked, front: Front, clicked?: Clicked): Promise<void>;
}

/** A click on a confirmation is expected soon. */
const PENDING_TTL_MS = 60 * 60 * 1000;

/** Access, routing, thread, then the queue: the same way for every entrance. */
export function createAsking(around: Surroundings): Asking {
  const { conversations, channels, routing, access, clock } = around;

  async function ask(asked: Asked, front: Front, clicked: Clicked): Promise<void> {
    const place = await mayUseHere(around, asked.actor, asked.place);
    if (!place.allowed) return front.refuse(place.sentence);
    const current = await conversations.agentOf(asked.place);
    const choice = choose(asked, current);
    const agent = mayAsk(access, asked.actor, choice.agent);
    if (!agent.allowed) return front.refuse(agent.sentence);
    const tooMuch = await quotaRefusal(around, applicantOf(asked));
    if (tooMuch !== undefined) return front.refuse(tooMuch);
    const missing = await missingAgent(around, choice.agent, asked.actor);
    if (missing !== undefined) return front.refuse(missing);
    // A thread that is still to be opened has room, and nothing waits in it.
    if (!asked.thread.possible) {
      const waiting = await openCardIn(around, asked.place);
      if (waiting && waiting.row.id !== clicked.rejected) return offerInstead(asked, waiting, front);
      conversations.needRoom(asked.place);
    }
    if (choice.confirm && clicked.confirmed !== true) return confirmFirst(asked, choice, front);
    const refused = await askCounted(around, applicantOf(asked), () => begin(asked, choice, current, front));
    if (refused !== undefined) await front.refuse(refused);
  }

  function choose(asked: Asked, current: AgentRef | undefined): Choice {
    const { text, agent, cluster } = asked;
    return chooseAgent(routing, {
      text,
      channelIds: channelIdsOf(asked.place),
      ...(agent === undefined ? {} : { agent }),
      ...(cluster === undefined ? {} : { cluster }),
      ...(current === undefined ? {} : { current }),
    });
  }

  async function confirmFirst(asked: Asked, choice: Choice, front: Front): Promise<void> {
    const pendingId = around.newId();
    const named: Asked = { ...asked, cluster: choice.agent.cluster };
    await around.pending.set(pendingId, { actorId: asked.actor.id, asked: named }, PENDING_TTL_MS);
    await front.confirm(choice.agent, pendingId);
  }

  async function offerInstead(asked: Asked, card: Card, front: Front): Promise<void> {
    const pendingId = around.newId();
    const pending = { actorId: asked.actor.id, asked, requestId: card.row.id };
    await around.pending.set(pendingId, pending, PENDING_TTL_MS);
    await front.instead(card, { id: pendingId, text: asked.text });
  }

  async function begin(
    asked: Asked,
    choice: Choice,
    current: AgentRef | undefined,
    front: Front,
  ): Promise<void> {
    const switched = current !== undefined && !isSameAgent(current, choice.agent) ? current : undefined;
    const position = asked.thread.possible ? 0 : conversations.position(asked.place);
    const starter = (state: "working" | "failed", waits = false) =>
      renderStarter({
        prompt: asked.text,
        actor: asked.actor,
        agent: around.label(choice.agent),
        state,
        ...(waits ? { waiting: { kind: "position", position } } : {}),
        ...(switched === undefined ? {} : { previousAgent: around.label(switched) }),
      });
    const begun = await front.begin(starter("working", position > 0));
    const place = begun ? await placeFor(asked, begun.address) : asked.place;
    if (!begun?.ours) await announceChoice(asked, choice, switched, place);
    try {
      await conversations.setAgent(place, choice.agent);
      const waits = position > 0 && begun?.ours === true ? { starterWaits: true } : {};
      const prompt = { ...promptFor(asked, choice.agent, place, begun), ...waits };
      await conversations.ask(switched === undefined ? prompt : { ...prompt, previousAgent: switched });
    } catch (error) {
      const address = begun?.ours ? begun.address : undefined;
      if (address) await channels.edit(address.channelId, address.messageId, { content: starter("failed") });
      throw error;
    }
  }

  /** A message has no public reply that names the agent: what its words chose is said before anything runs. */
  async function announceChoice(
    asked: Asked,
    choice: Choice,
    switched: AgentRef | undefined,
    place: Place,
  ): Promise<void> {
    const named = asked.cluster !== undefined || choice.byWords;
    if (!named && switched === undefined) return;
    const from = switched === undefined ? "" : `, no longer ${around.label(switched)}`;
    await channels.post(place.channelId, {
      content: `-# → asking ${around.label(choice.agent)}${from}`,
      nonce: around.newId(),
    });
  }

  /** A thread where one can be opened, else the place of the question itself. */
  async function placeFor(asked: Asked, address: MessageAddress): Promise<Place> {
    if (asked.place.kind !== "channel") return asked.place;
    if (!asked.thread.possible) {
      await explainNoThread(asked, asked.thread.missing);
      return asked.place;
    }
    const opening = await channels.openThread(address.channelId, address.messageId, threadName(asked.text));
    const isOurs = opening.kind === "opened" || (opening.kind === "exists" && isOwn(opening.ownerId));
    if (!isOurs) {
      const isForbidden = opening.kind === "refused" && opening.forbidden;
      await explainNoThread(asked, isForbidden ? [THREAD_PERMISSION] : []);
      return asked.place;
    }
    const guild = asked.place.guildId === undefined ? {} : { guildId: asked.place.guildId };
    return { kind: "thread", ...guild, channelId: opening.id, parentId: asked.place.channelId };
  }

  function isOwn(ownerId: string | undefined): boolean {
    return ownerId === around.botId();
  }

  async function explainNoThread(asked: Asked, missing: readonly string[]): Promise<void> {
    if (missing.length === 0) return;
    await channels.post(asked.place.channelId, {
      content: `-# I lack ${missing.join(" and ")} here, so the answer comes in the channel. An admin can grant it to me.`,
      nonce: around.newId(),
    });
  }

  function promptFor(
    asked: Asked,
    agent: AgentRef,
    place: Place,
    begun: { readonly address: MessageAddress; readonly ours: boolean } | undefined,
  ): Prompt {
    const { actor, text, files, material, messageId } = asked;
    const replyTo = begun?.address.channelId === place.channelId ? begun.address.messageId : undefined;
    return {
      id: around.newId(),
      place,
      agent,
      actor,
      text,
      files,
      createdAt: clock.now(),
      ...(material === undefined ? {} : { material }),
      ...(replyTo === undefined ? {} : { discordMessageId: replyTo }),
      ...(messageId === undefined ? {} : { source: { channelId: asked.place.channelId, messageId } }),
      ...(begun?.ours ? { starter: begun.address } : {}),
      ...(!asked.thread.possible && asked.thread.foreign ? { asReply: true } : {}),
    };
  }

  return {
    async ask(asked, front, clicked = {}) {
      try {
        await ask(asked, front, clicked);
      } catch (error) {
        await front.refuse(sentenceFor(around, error));
      }
    },
  };
}
