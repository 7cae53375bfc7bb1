import type { AccessConfig, Presence } from "../../conversation/access.ts";
import type { AgentRef } from "../../conversation/agent-ref.ts";
import type { Approvals } from "../../conversation/approvals.ts";
import type { Conversations } from "../../conversation/conversations.ts";
import type { Feedback } from "../../conversation/feedback.ts";
import type { Actor, Place } from "../../conversation/place.ts";
import type { Clock, Directory, Finding, Log, Store } from "../../conversation/ports.ts";
import type { PromptFile } from "../../conversation/prompt.ts";
import type { Quotas } from "../../conversation/quotas.ts";
import type { RoutingConfig } from "../../conversation/routing.ts";
import type { Command, GatewayState } from "../command.ts";
import type { Channels } from "../rest/channel.ts";
import type { CardLook } from "../view/card-view.ts";
import type { HandlingObserver } from "./handling.ts";

/** A question from any entrance: a command, a mention, a form. Plain data, so that it can wait for a confirmation. */
export interface Asked {
  readonly actor: Actor;
  /** Where it was asked; the answer may go to a thread opened from there. */
  readonly place: Place;
  readonly text: string;
  readonly material?: string;
  readonly files: readonly PromptFile[];
  readonly agent?: string;
  readonly cluster?: string;
  /** The person's own message, where there is one. */
  readonly messageId?: string;
  /** Whether a thread can be opened here, as far as type and permissions tell; otherwise why not. */
  readonly thread: ThreadChance;
}

/** `missing` names the permissions, in Discord's words, that stand in the way; `foreign`: it is somebody else's thread. */
export type ThreadChance =
  | { readonly possible: true }
  | { readonly possible: false; readonly missing: readonly string[]; readonly foreign?: true };

/** Something that waits for a click of the person who began it. */
interface Pending {
  readonly actorId: string;
  readonly asked: Asked;
  /** The request that waited where this was asked. */
  readonly requestId?: string;
}

/** What everything in this folder works with. */
export interface Surroundings {
  readonly conversations: Conversations;
  readonly approvals: Approvals;
  readonly cardLook: CardLook;
  readonly directory: Directory;
  readonly channels: Channels;
  readonly access: AccessConfig;
  /** Absent: people may ask as much as they like. */
  readonly quotas?: Quotas;
  /** Absent: answers are not voted on. */
  readonly feedback?: Feedback;
  readonly routing: RoutingConfig;
  /** Absent: nobody listens. */
  readonly handling?: HandlingObserver;
  readonly commands: readonly Command[];
  readonly seen: Store<boolean>;
  readonly pending: Store<Pending>;
  readonly clock: Clock;
  readonly log: Log;
  readonly newId: () => string;
  readonly version: string;
  /** Only mentions are prompts: `DISCORD_MENTION_ONLY`. */
  readonly mentionOnly: boolean;
  /** Whether Discord shows the bot messages that do not mention it; direct messages it always shows. */
  readonly messageContent: boolean;
  /** An agent as people read it: its name, and its cluster where there are several. Safe to print. */
  label(agent: AgentRef): string;
  /** The guilds that the bot is in right now. */
  presence(): Presence;
  /** Whether a person is in a server, as Discord says now; undefined when it cannot be learned. */
  isMember(guildId: string, userId: string): Promise<boolean | undefined>;
  /** What is wrong with the bot and around it, told to people of this guild. */
  doctor(guildId: string): Promise<readonly Finding[]>;
  botId(): string;
  gateway(): GatewayState;
}
