import { type AgentRef, agentKey, type TaskRef } from "./agent.ts";
import type { Place } from "./place.ts";
import type { Store } from "./ports.ts";

/** What joins a place to one agent. */
export interface ConversationRow {
  readonly contextId: string;
  /** `X-User-Id`: never changes while the context lives, whoever writes. */
  readonly userId: string;
  /** A stopped run that its agent could not end: two runs in one context mix, so the next prompt waits for it. */
  readonly leftRunning?: TaskRef;
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
    };
  }

  return {
    async of(place, agent) {
      const key = conversationKey(place, agent);
      const known = await conversations.get(key);
      if (known) return known;
      const row = fresh(place);
      if (await conversations.claim(key, row)) return row;
      return (await conversations.get(key)) ?? row;
    },
    async setLeftRunning(place, agent, task) {
      const key = conversationKey(place, agent);
      const row = await conversations.get(key);
      // A run of an older context mixes with nothing.
      if (!row || (task && task.contextId !== row.contextId)) return;
      const { contextId, userId } = row;
      // Not over a context that was renewed meanwhile.
      await conversations.cas(key, row, { contextId, userId, ...(task ? { leftRunning: task } : {}) });
    },
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
