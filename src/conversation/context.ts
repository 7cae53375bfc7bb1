import type { TaskRef } from "./agent.ts";
import { type AgentRef, agentKey } from "./agent-ref.ts";
import type { Place } from "./place.ts";
import type { Store } from "./ports.ts";

/** What joins a place to one agent. */
export interface ConversationRow {
  readonly contextId: string;
  /** `X-User-Id`: never changes while the context lives, whoever writes. */
  readonly userId: string;
  /** A stopped run that its agent could not end: two runs in one context mix, so the next prompt waits for it. */
  readonly leftRunning?: TaskRef;
  /** Everybody who prompted since the context began. */
  readonly askerIds: readonly string[];
  /** A task that asked something in plain words: the next message answers it. */
  readonly waiting?: TaskRef;
}

/** What is remembered of a place. */
export interface PlaceRow {
  /** The agent that answers plain messages here. */
  readonly agent: AgentRef;
}

/** Stores contexts by place, agent and cluster. */
export interface Contexts {
  /** The conversation of this place with this agent, begun if there is none. */
  of(place: Place, agent: AgentRef): Promise<ConversationRow>;
  /** Notes, or with undefined forgets, a stopped run that still goes on in the present context. */
  setLeftRunning(place: Place, agent: AgentRef, task: TaskRef | undefined): Promise<void>;
  /** Notes that somebody prompts in the present context; resolves with the conversation. */
  noteAsker(place: Place, agent: AgentRef, actorId: string): Promise<ConversationRow>;
  /** Notes, or with undefined forgets, a task whose plain question the next message answers. */
  setWaiting(place: Place, agent: AgentRef, task: TaskRef | undefined): Promise<void>;
  /** A fresh context: the agent forgets this place. The old id is never used again. */
  renew(place: Place, agent: AgentRef): Promise<ConversationRow>;
  agentOf(place: Place): Promise<AgentRef | undefined>;
  setAgent(place: Place, agent: AgentRef): Promise<void>;
}

/** Contexts kept in two collections; `newId` makes a random id without `/` (kagent refuses it in a context id). */
export function createContexts(
  conversations: Store<ConversationRow>,
  places: Store<PlaceRow>,
  newId: () => string,
): Contexts {
  function fresh(place: Place): ConversationRow {
    return {
      contextId: `discord-${place.channelId}-${newId()}`,
      userId: `discord:${place.guildId ?? "direct"}:${place.channelId}`,
      askerIds: [],
    };
  }

  async function of(place: Place, agent: AgentRef): Promise<ConversationRow> {
    const key = conversationKey(place, agent);
    const known = await conversations.get(key);
    if (known) return known;
    const row = fresh(place);
    if (await conversations.claim(key, row)) return row;
    return (await conversations.get(key)) ?? row;
  }

  /** Changes the conversation whatever others change meanwhile; `next` leaves it alone by returning the same row. */
  async function change(
    place: Place,
    agent: AgentRef,
    next: (row: ConversationRow) => ConversationRow,
  ): Promise<ConversationRow> {
    for (;;) {
      const row = await of(place, agent);
      const changed = next(row);
      if (changed === row) return row;
      if (await conversations.cas(conversationKey(place, agent), row, changed)) return changed;
    }
  }

  return {
    of,
    async setLeftRunning(place, agent, task) {
      await change(place, agent, (row) => {
        // A run of an older context mixes with nothing.
        if (task && task.contextId !== row.contextId) return row;
        const { leftRunning: _, ...rest } = row;
        return { ...rest, ...(task ? { leftRunning: task } : {}) };
      });
    },
    async setWaiting(place, agent, task) {
      await change(place, agent, (row) => {
        if (task && task.contextId !== row.contextId) return row;
        const { waiting, ...rest } = row;
        if (!task && !waiting) return row;
        return { ...rest, ...(task ? { waiting: task } : {}) };
      });
    },
    noteAsker: (place, agent, actorId) =>
      change(place, agent, (row) =>
        row.askerIds.includes(actorId) ? row : { ...row, askerIds: [...row.askerIds, actorId] },
      ),
    async renew(place, agent) {
      const row = fresh(place);
      await conversations.set(conversationKey(place, agent), row);
      return row;
    },
    async agentOf(place) {
      return (await places.get(placeKey(place)))?.agent;
    },
    async setAgent(place, agent) {
      await places.set(placeKey(place), { agent });
    },
  };
}

function placeKey(place: Place): string {
  return `${place.guildId ?? "direct"}/${place.channelId}`;
}

function conversationKey(place: Place, agent: AgentRef): string {
  return `${placeKey(place)}/${agentKey(agent)}`;
}
