import type { NestedPause } from "./confirmation.ts";
import type { Run } from "./run.ts";
import type { Verdicts } from "./verdict.ts";

/** How far the run of a sub-agent came. */
export type SubagentRest =
  | { readonly is: "answered"; readonly text: string; readonly contextId: string }
  | { readonly is: "paused"; readonly pause: NestedPause }
  /** It cannot be reached, or its process died; `why` in the words of the runtime that called it. */
  | { readonly is: "away"; readonly why: string };

/** Other agents of the same kagent, as one agent calls them. */
export interface Subagents {
  /** The context in which the call will run, and the name under which the model knows the agent. */
  place(agent: string, caller: Run): { readonly name: string; readonly contextId: string };
  /** Starts a task there, and resolves when it rests. */
  ask(agent: string, request: string, caller: Run): Promise<SubagentRest>;
  /** Passes verdicts on to a paused task, and resolves when it rests again. */
  decide(pause: NestedPause, verdicts: Verdicts): Promise<SubagentRest>;
}
