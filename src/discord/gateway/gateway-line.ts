import { type Client, Events } from "discord.js";
import { gatewayState } from "./client.ts";
import type { GatewayLine } from "./gateway-watch.ts";

/** discord.js gives up a question by itself after this long (ms): longer than whoever asks waits. */
const ANSWER_LIMIT_MS = 60_000;

/** The gateway of a client, as a watch looks at it. */
export function createGatewayLine(client: Client): GatewayLine {
  let events = 0;
  client.on(Events.Raw, () => {
    events += 1;
  });
  return {
    isConnected: () => gatewayState(client).connected,
    heartbeat: () => Math.max(...client.ws.shards.map((shard) => shard.lastPingTimestamp)),
    events: () => events,
    /**
     * Asks for a member by id over the gateway (op 8), which takes no privileged intent and answers with an event:
     * https://docs.discord.com/developers/events/gateway-events#request-guild-members
     */
    ask() {
      const guild = client.guilds.cache.find(({ available }) => available);
      const id = client.user?.id;
      if (!guild || id === undefined) return undefined;
      return guild.members.fetch({ user: [id], time: ANSWER_LIMIT_MS }).then(() => {});
    },
  };
}
