import type { AgentRef } from "../../conversation/agent-ref.ts";

/** An agent that the configuration names, and what for: `/k8s`, `the binding of channel 1`. */
export interface Target {
  readonly ref: AgentRef;
  readonly use: string;
  /** Whether something does not work when it is missing; otherwise it is only not everywhere. */
  readonly required: boolean;
}
