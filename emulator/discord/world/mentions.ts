import { isObject, type Json, type JsonObject, listAt, textAt, textsAt } from "../json.ts";
import type { Channel, Guild, Mentions, User } from "./model.ts";
import { may } from "./permissions.ts";
import type { World } from "./world.ts";

/** Which mentions in a text may notify, as `allowed_mentions` says. */
export interface AllowedMentions {
  readonly everyone: boolean;
  readonly users: "all" | readonly string[];
  readonly roles: "all" | readonly string[];
  readonly repliedUser: boolean;
}

/**
 * Reads `allowed_mentions`. Without it an ordinary message may notify anybody, an interaction's or webhook's message only
 * users. Source: https://docs.discord.com/developers/resources/message#allowed-mentions-object
 */
export function readAllowedMentions(value: Json | undefined, from: "message" | "webhook"): AllowedMentions {
  if (!isObject(value)) {
    const open = from === "message";
    return { everyone: open, users: "all", roles: open ? "all" : [], repliedUser: true };
  }
  const parse = textsAt(value, "parse");
  return {
    everyone: parse.includes("everyone"),
    users: parse.includes("users") ? "all" : textsAt(value, "users"),
    roles: parse.includes("roles") ? "all" : textsAt(value, "roles"),
    repliedUser: value.replied_user === true,
  };
}

/** A list given together with its `parse` entry is a contradiction that Discord refuses. */
export function contradicts(value: JsonObject): boolean {
  const parse = textsAt(value, "parse");
  const both = (name: string) => parse.includes(name) && (listAt(value, name)?.length ?? 0) > 0;
  return both("users") || both("roles");
}

/** Who a text by `author` in `channel` notifies. Mentions in code are only text. */
export function findMentions(
  world: World,
  channel: Channel,
  author: User,
  text: string,
  allowed: AllowedMentions,
): Mentions {
  if (!text.includes("<@") && !text.includes("@everyone") && !text.includes("@here")) return nobody;
  const spoken = withoutCode(text);
  const guild = world.guildOf(channel);
  const mayAll = guild !== undefined && may(world, channel, author, "MENTION_EVERYONE");
  const userIds = idsIn(spoken, /<@!?(\d{17,20})>/g).filter(
    (id) => includes(allowed.users, id) && world.users.has(id),
  );
  const roleIds = idsIn(spoken, /<@&(\d{17,20})>/g).filter(
    (id) => includes(allowed.roles, id) && (mayAll || isMentionable(guild, id)),
  );
  return { userIds, roleIds, everyone: allowed.everyone && mayAll && /@(everyone|here)\b/.test(spoken) };
}

export const nobody: Mentions = { userIds: [], roleIds: [], everyone: false };

/** All text of a message that can mention: its content and its text displays. */
export function mentionableText(content: string, components: readonly JsonObject[]): string {
  const texts: string[] = [content];
  const visit = (component: JsonObject) => {
    if (component.type === 10) texts.push(textAt(component, "content") ?? "");
    for (const child of listAt(component, "components") ?? []) if (isObject(child)) visit(child);
  };
  for (const component of components) visit(component);
  return texts.join("\n");
}

export function withoutCode(text: string): string {
  return text.replace(/```[\s\S]*?```|``[\s\S]*?``|`[^`\n]*`/g, " ");
}

function idsIn(text: string, pattern: RegExp): string[] {
  return [...new Set([...text.matchAll(pattern)].map((match) => match[1] ?? ""))];
}

function includes(list: "all" | readonly string[], id: string): boolean {
  return list === "all" || list.includes(id);
}

function isMentionable(guild: Guild | undefined, roleId: string): boolean {
  return guild?.roles.get(roleId)?.mentionable === true;
}
