/** Where a conversation happens. A direct message, a thread and a channel behave alike. */
export interface Place {
  readonly kind: "channel" | "thread" | "direct";
  readonly guildId?: string;
  /** The channel, thread or DM channel that people write in. */
  readonly channelId: string;
  /** The channel a thread belongs to. */
  readonly parentId?: string;
}

/** Who did something, as the event itself says: nothing here comes from a cache. */
export interface Actor {
  readonly id: string;
  readonly name: string;
  readonly roleIds: readonly string[];
  readonly bot: boolean;
  /** Has Manage Server in this guild. */
  readonly manager: boolean;
}
