import type { AgentEvent } from "./agent.ts";
import { BridgeError } from "./errors.ts";

/** What a turn comes to whose process ended before the agent named its task: sending again could run the question twice. */
export async function* lostBeforeStart(): AsyncIterable<AgentEvent> {
  yield {
    kind: "over",
    outcome: "lost",
    error: new BridgeError(
      "agent-lost",
      "I was restarted before the agent confirmed this question; it may have received it. Try again if nothing came of it.",
    ),
  };
}
