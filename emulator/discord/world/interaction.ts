import type { JsonObject } from "../json.ts";
import type { Channel, Message, User } from "./model.ts";

/** Discord's interaction types. */
export const interactionTypes = { command: 2, component: 3, autocomplete: 4, modal: 5 } as const;
export type InteractionKind = keyof typeof interactionTypes;

/** A modal as the bot opened it. */
export interface OpenModal {
  readonly interaction: Interaction;
  readonly customId: string;
  readonly title: string;
  readonly components: readonly JsonObject[];
}

/** One thing a person did that the bot must answer. */
export interface Interaction {
  readonly id: string;
  readonly token: string;
  readonly kind: InteractionKind;
  readonly user: User;
  readonly channel: Channel;
  readonly createdAt: number;
  readonly data: JsonObject;
  /** The command as people typed it, without the slash; for transcripts and message types. */
  readonly commandName?: string;
  /** 1 slash, 2 user, 3 message: tells the type of the reply message. */
  readonly commandType?: number;
  /** The message that carries the clicked component. */
  readonly source?: Message;
  /** True when nobody answered within three seconds. */
  failed: boolean;
  /** The callback type given, once there is one. */
  callback?: number;
  /** The callback's time (ms). */
  acknowledgedAt?: number;
  /** What `@original` names. */
  original?: Message;
  ephemeral: boolean;
  choices?: readonly JsonObject[];
  modal?: OpenModal;
  readonly followups: Message[];
}
