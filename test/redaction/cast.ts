import type { AgentDefinition } from "../../emulator/agent/agent.ts";
import { type Script, say, script } from "../../emulator/agent/script.ts";
import { agent } from "../e2e/story.ts";
import { texts } from "./markers.ts";

/** The agents, and what the first one does next. */
export interface Cast {
  readonly agents: readonly AgentDefinition[];
  /** The next prompt is answered like this; those after it with the usual answer. */
  plays(next: Script): void;
}

export function createCast(): Cast {
  const usual = script(say(texts.answer.value));
  const planned: Script[] = [];
  const answer = () => planned.shift() ?? usual;
  return {
    agents: [agent("k8s-agent", undefined, { answer }), agent("istio-agent"), agent("security-agent")],
    plays: (next) => void planned.push(next),
  };
}
