import { reduce, startTurn, type Turn } from "../src/conversation/turn.ts";
import { renderTurn } from "../src/discord/view/render.ts";
import { median } from "./median.ts";

/** What one rendering costs. */
export interface RenderCost {
  readonly chars: number;
  readonly ms: number;
}

const RUNS = 15;
const PARAGRAPH =
  "The **checkout** pods in `shop` restart because of their [probe](https://example.org/probe):\n\n- the limit is too low\n- the port is wrong\n\n```yaml\nlivenessProbe:\n  periodSeconds: 5\n```\n\n| pod | restarts |\n| --- | --- |\n| checkout-1 | 12 |\n\n";

/** The median time of one rendering for answers of these lengths, in characters. */
export function measureRendering(lengths: readonly number[]): readonly RenderCost[] {
  // The first runs are slow only because nothing is compiled yet.
  for (let run = 0; run < RUNS; run++) once(turnOf(10_000));
  return lengths.map((chars) => ({
    chars,
    ms: median(Array.from({ length: RUNS }, () => once(turnOf(chars)))),
  }));
}

function once(turn: Turn): number {
  const started = performance.now();
  renderTurn(turn, { agentLabel: ({ name }) => name });
  return performance.now() - started;
}

function turnOf(chars: number): Turn {
  const text = PARAGRAPH.repeat(Math.ceil(chars / PARAGRAPH.length)).slice(0, chars);
  const turn = startTurn({
    id: "bench",
    place: { kind: "thread", channelId: "1" },
    agent: { cluster: "bench", namespace: "kagent", name: "k8s-agent" },
    contextId: "context",
    userId: "user",
    messageId: "message",
    traceparent: "00-00000000000000000000000000000001-0000000000000001-01",
    prompt: { actor: { id: "1", name: "ana", roleIds: [], bot: false, manager: false }, text: "why?" },
    startedAt: 0,
  });
  return reduce(turn, { kind: "text", segment: "0", text, append: true }, 1);
}
