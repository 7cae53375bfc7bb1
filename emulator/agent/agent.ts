import type { Pending } from "./confirmation.ts";
import type { Dialect, Wire } from "./dialect.ts";
import type { SeenDecision } from "./ledger.ts";
import type { Player } from "./player.ts";
import type { Recording } from "./recordings.ts";
import type { Replay } from "./replay.ts";
import type { Run } from "./run.ts";
import type { Script, Turn } from "./script.ts";
import type { Sleeper } from "./sleeper.ts";
import type { Subagents } from "./subagents.ts";
import type { ToolCall } from "./tool-call.ts";

/** A skill on an agent's card. */
interface Skill {
  readonly id: string;
  readonly name: string;
  readonly description: string;
  readonly tags: readonly string[];
  readonly examples: readonly string[];
}

/** An agent of the local kagent. */
export interface AgentDefinition {
  /** Kubernetes name, with dashes. */
  readonly name: string;
  /** `kagent` when absent. */
  readonly namespace?: string;
  readonly description: string;
  readonly skills?: readonly Skill[];
  /** What scripts are encoded as; a recording brings its own. Go when absent. */
  readonly runtime?: "python" | "go";
  /** The A2A version of the runtime: 0.3 when absent, 1.0 on the main controller. */
  readonly speaks?: Wire;
  /**
   * A version with habits of its own about pauses: `0.10.0` on Python (every decision fails the task), `0.9.12` on Go (the
   * context of a sub-agent stands in its call, not in what stands for the result while it waits), `head` on Go's 1.0 line (tasks of another user are unknown).
   */
  readonly release?: string;
  /** Whether scripts give out token deltas; true when absent. */
  readonly stream?: boolean;
  readonly tools?: readonly string[];
  readonly gatedTools?: readonly string[];
  readonly subagents?: readonly string[];
  /** What it does with a prompt: replay a recording, or follow a script. */
  readonly answer: (turn: Turn) => Recording | Script;
  /** Divides all waits of recordings and scripts; 1 when absent, 0 leaves them out. */
  readonly speed?: number;
}

/** One task of an agent with the source of its events. */
export interface Entry {
  readonly run: Run;
  readonly replay: Replay | undefined;
  player: Player | undefined;
  /** What the last reply was about. */
  answered: Pending | undefined;
  /** A cancel lets the rest of a recorded stream go. */
  readonly released: Promise<void>;
  release(): void;
}

/** An agent at work: its definition, its tasks and the conversations that it remembers. */
export interface Agent {
  readonly definition: AgentDefinition;
  readonly namespace: string;
  readonly dialect: Dialect;
  readonly speed: number;
  readonly entries: Map<string, Entry>;
  /** Recordings under way, by context. */
  readonly replays: Map<string, Replay>;
  /** Waits that end with the agent. */
  readonly sleeper: Sleeper;
  readonly memory: Map<string, { readonly prompt: string; readonly answer: string }[]>;
  /** Tells whoever waits that a run began, paused or ended. */
  readonly changed: (run: Run) => void;
  /** Whether its pod is there. */
  readonly ready: () => boolean;
  /** Every agent of this kagent. */
  readonly peers: () => readonly Agent[];
  readonly subagents: Subagents;
  /** Starts a task for another agent. */
  readonly start: (prompt: SubagentPrompt) => Entry;
  /** For the ledger: a reply to a paused task, and a tool that had to be approved. */
  readonly note: (decision: Omit<SeenDecision, "agent" | "at">) => void;
  readonly ran: (run: Run, call: ToolCall) => void;
}

/** What one agent asks another. */
export interface SubagentPrompt {
  readonly text: string;
  readonly contextId: string;
  readonly userId: string;
}
