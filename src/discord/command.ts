import type { AgentInfo } from "../conversation/agent.ts";
import type { AgentRef } from "../conversation/agent-ref.ts";
import type { PlaceStatus } from "../conversation/conversations.ts";
import type { Actor, Place } from "../conversation/place.ts";
import type { Finding } from "../conversation/ports.ts";
import type { PromptFile } from "../conversation/prompt.ts";
import type { Usage } from "../conversation/quota.ts";
import type { ClusterInfo, Route } from "../conversation/routing.ts";
import type { StopOutcome } from "../conversation/stopping.ts";

/** One option of a slash command, as Discord should show it. */
export interface OptionSpec {
  readonly type: "text" | "file";
  readonly description: string;
  readonly required?: boolean;
  /** Code points, at most 6000. */
  readonly maxLength?: number;
  /** Suggestions while the person types, taken from what this person may use. */
  readonly complete?: "agent" | "cluster";
}

/** Names or descriptions by Discord locale (`de`, `ja`, …). */
export type Localized = Readonly<Record<string, string>>;

/** What a person wants from an agent, before anybody decided whether they may and which agent it is. */
export interface Question {
  readonly text: string;
  readonly agent?: string;
  readonly cluster?: string;
  readonly files: readonly PromptFile[];
}

/** An agent that this person may use, with the command that reaches it. */
export interface VisibleAgent extends AgentInfo {
  readonly command?: string;
}

/** What `/agents` shows: the agents, and a sentence for each cluster that could not be read. */
export interface AgentList {
  readonly agents: readonly VisibleAgent[];
  readonly problems: readonly string[];
}

/** A request that waits for people, as `/approvals` lists it. Times are milliseconds since the epoch. */
export interface WaitingApproval {
  /** Safe to print. */
  readonly agent: string;
  readonly asker: string;
  /** The tools that the agent wants to run. */
  readonly tools: readonly string[];
  /** How many questions the agent asks. */
  readonly questions: number;
  readonly requestedAt: number;
  readonly expiresAt: number;
  /** To the card, once it is posted. */
  readonly link?: string;
}

/** The connection over which Discord tells what happens. */
export interface GatewayState {
  readonly connected: boolean;
  /** Milliseconds; undefined before the first heartbeat was answered, up to a minute after connecting. */
  readonly pingMs: number | undefined;
}

/** How the bot itself is. */
export interface BotStatus {
  readonly gateway: GatewayState;
  readonly running: number;
  readonly version: string;
  readonly clusters: readonly {
    readonly name: string;
    readonly reachable: boolean;
    readonly agents: number;
  }[];
}

/** The verbs that a command has; nothing of Discord shows through. */
export interface CommandContext {
  readonly actor: Actor;
  readonly place: Place;
  readonly routes: readonly Route[];
  readonly clusters: readonly ClusterInfo[];
  readonly defaultAgent: string;
  text(option: string): string | undefined;
  file(option: string): PromptFile | undefined;
  /** Hands a question over: access, routing, thread and answer follow. Only for `reply: "public"`. */
  ask(question: Question): Promise<void>;
  /** Answers this person alone, in several messages where one is too short. Text of others must be made safe first. */
  answer(text: string): Promise<void>;
  agents(): Promise<AgentList>;
  status(): Promise<PlaceStatus & { readonly contextId: string | undefined }>;
  botStatus(): Promise<BotStatus>;
  /** What doctor finds, without what concerns other servers. Only for members with Manage Server. */
  doctor(): Promise<readonly Finding[] | "not-allowed">;
  /** How much of what this person may ask here is used; empty where nothing bounds them. */
  usage(): Promise<readonly Usage[]>;
  /** What waits for people and this person may decide, oldest first. */
  approvals(): Promise<readonly WaitingApproval[]>;
  /** `not-concerned`: something waits here for people, and this person may not end it. */
  stop(): Promise<StopOutcome | "not-allowed" | "not-concerned">;
  /** Forgets this conversation; the agent that forgot it, or undefined where there is no conversation. */
  renew(): Promise<AgentRef | "not-allowed" | undefined>;
}

/**
 * A slash command as a value. `reply` tells the router how to acknowledge within Discord's 3 seconds: `public`
 * through `ask`, which posts the visible reply itself; `private` before `run` begins.
 */
export interface Command {
  readonly name: string;
  readonly description: string;
  readonly names?: Localized;
  readonly descriptions?: Localized;
  readonly options: Readonly<Record<string, OptionSpec>>;
  readonly reply: "public" | "private";
  run(context: CommandContext): Promise<void>;
}

/** Declares a command. */
export function defineCommand(command: Command): Command {
  return command;
}

/** A message context menu command that opens a form with a question. */
export interface MessageCommand {
  readonly name: string;
  /** The form's words: at most 45 characters each. */
  readonly form: { readonly title: string; readonly agent: string; readonly question: string };
}
