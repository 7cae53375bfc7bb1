import type { Dialect, Wire } from "./dialect.ts";
import type { Player } from "./player.ts";
import type { Recording } from "./recordings.ts";
import type { Replay } from "./replay.ts";
import type { Run } from "./run.ts";
import type { Script, Turn } from "./script.ts";
import type { Sleeper } from "./sleeper.ts";

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
}
