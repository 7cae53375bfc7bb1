import { createBoundedLabel } from "./bounded-label.ts";
import type { Instruments } from "./instruments.ts";

/** Discord allows 3 s. */
const ACK_SECONDS = [0.05, 0.1, 0.25, 0.5, 1, 1.5, 2, 2.5, 3];
const MOST_ROUTES = 60;
const MOST_EVENTS = 80;

/** What is told of Discord: requests, interactions and the gateway. */
export function discordMetrics({ counter, gauge, histogram }: Instruments) {
  const routeLabel = createBoundedLabel(MOST_ROUTES);
  const eventLabel = createBoundedLabel(MOST_EVENTS);
  const requests = counter("discord_requests_total", "Answers of Discord's REST interface.", [
    "route",
    "status",
  ]);
  const limited = counter(
    "discord_rate_limited_total",
    "Requests that were answered with 429, by whose limit.",
    ["scope"],
  );
  const interactions = counter("interactions_total", "Commands, clicks and forms that arrived.", ["kind"]);
  const acks = histogram(
    "interaction_ack_seconds",
    "From an interaction's arrival to its acknowledgement; Discord allows 3 s.",
    ACK_SECONDS,
    ["kind"],
  );
  const events = counter("gateway_events_total", "Events from the gateway.", ["type"]);
  const breaks = counter("gateway_disconnects_total", "Connections to the gateway that ended.");
  const canaries = counter(
    "gateway_canaries_total",
    "Questions that the gateway must answer with an event, by result.",
    ["result"],
  );
  const renewals = counter(
    "gateway_renewals_total",
    "New clients, because the old one did not become ready again.",
  );
  const starts = gauge(
    "session_start_remaining",
    "Logins that Discord still allows in this period of 24 hours.",
  );
  return {
    discordAnswer: (route: string, status: string) => requests.add({ route: routeLabel(route), status }),
    rateLimited: (scope: string) => limited.add({ scope }),
    interaction: (kind: string) => interactions.add({ kind }),
    acknowledged: (kind: string, ms: number) => acks.observeMs({ kind }, ms),
    gatewayEvent: (type: string) => events.add({ type: eventLabel(type) }),
    gatewayDisconnect: () => breaks.add(),
    canary: (result: string) => canaries.add({ result }),
    renewal: () => renewals.add(),
    sessionStarts: (remaining: number) => starts.set({}, remaining),
  };
}
