import type { JsonObject } from "../json.ts";
import { addGuild, addMember, addRole } from "../world/guilds.ts";
import { addBot } from "../world/membership.ts";
import { readAllowedMentions } from "../world/mentions.ts";
import { createMessage } from "../world/messages.ts";
import type { Channel, Message, Role } from "../world/model.ts";
import { recommendedPermissions, toBits } from "../world/permissions.ts";
import type { World } from "../world/world.ts";
import { type FileInput, upload } from "./files.ts";
import { GuildHandle } from "./guild-handle.ts";
import type { PersonParts } from "./parts.ts";
import { Person } from "./person.ts";

export interface GuildOptions {
  readonly name: string;
  /** The bot is in it: false, true (with the recommended permissions, the default) or with these permissions. */
  readonly bot?: boolean | bigint;
  /** Default "en-US". */
  readonly locale?: string;
}

export interface PersonOptions {
  readonly name: string;
  /** Default: every guild there is; null: none. */
  readonly guild?: GuildHandle | null;
  readonly roles?: readonly Role[];
  /** Default "en-US". */
  readonly locale?: string;
  /** Has Manage Server and moderates threads and messages. */
  readonly manager?: boolean;
  /** False: refuses direct messages. */
  readonly acceptsDms?: boolean;
  /** Uses Discord on a phone; default on a desktop. */
  readonly phone?: boolean;
}

export interface WebhookPost {
  readonly name: string;
  readonly content?: string;
  readonly embeds?: readonly JsonObject[];
  readonly files?: readonly FileInput[];
}

export function createGuild(world: World, options: GuildOptions): GuildHandle {
  const guild = addGuild(world, options.name, options.locale ?? "en-US");
  const bot = options.bot ?? true;
  if (bot !== false) addBot(world, guild, bot === true ? recommendedPermissions : bot);
  return new GuildHandle(world, guild);
}

export function createPerson(parts: PersonParts, options: PersonOptions): Person {
  const { world } = parts;
  const user = world.addUser({
    name: options.name,
    bot: false,
    locale: options.locale ?? "en-US",
    acceptsDms: options.acceptsDms ?? true,
    phone: options.phone ?? false,
  });
  const guilds =
    options.guild === undefined ? [...world.guilds.values()] : options.guild ? [options.guild.guild] : [];
  for (const guild of guilds) {
    const own = (options.roles ?? []).filter((role) => guild.roles.has(role.id));
    const managing = options.manager
      ? [addRole(world, guild, { name: `${options.name}'s`, permissions: manages })]
      : [];
    addMember(world, guild, user, [...own, ...managing]);
  }
  return new Person(user, parts);
}

const manages = toBits([
  "MANAGE_GUILD",
  "MANAGE_CHANNELS",
  "MANAGE_MESSAGES",
  "MANAGE_THREADS",
  "MENTION_EVERYONE",
]);

export function createBot(
  parts: PersonParts,
  options: { readonly name: string; readonly guild?: GuildHandle },
): Person {
  const { world } = parts;
  const user = world.addUser({ name: options.name, bot: true });
  const guilds = options.guild ? [options.guild.guild] : [...world.guilds.values()];
  for (const guild of guilds) addMember(world, guild, user, []);
  return new Person(user, parts);
}

export function postByWebhook(world: World, channel: Channel, post: WebhookPost): Message {
  const author = world.addUser({ name: post.name, bot: true });
  return createMessage(world, channel, {
    author,
    webhookId: author.id,
    content: post.content ?? "",
    embeds: (post.embeds ?? []).map((embed) => ({ ...embed, type: "rich" })),
    attachments: (post.files ?? []).map((file) => upload(world, file)),
    allowed: readAllowedMentions(undefined, "webhook"),
  });
}
