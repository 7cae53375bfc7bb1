import { isObject, type Json, type JsonObject, listAt, numberAt, textAt } from "../json.ts";
import { memberJson } from "../wire/user.ts";
import type { World } from "../world/world.ts";
import { closeCodes, intents } from "./protocol.ts";
import type { Session } from "./session.ts";

/** Most members that one request may name. */
const MOST_USER_IDS = 100;
const MOST_NONCE_BYTES = 32;

/** What a request for members came to: a chunk to dispatch, nothing, or the code that the connection is closed with. */
export type MembersAnswer =
  | { readonly kind: "chunk"; readonly data: JsonObject }
  | { readonly kind: "nothing" }
  | { readonly kind: "close"; readonly code: number };

/**
 * Answers op 8: https://docs.discord.com/developers/events/gateway-events#request-guild-members. Members that are named by
 * their ids need no intent; a whole list needs Server Members. The members of a guild without the bot are not told.
 */
export function answerMembers(world: World, session: Session, data: Json | undefined): MembersAnswer {
  const wish = isObject(data) ? data : {};
  const guildId = textAt(wish, "guild_id");
  const ids = userIds(wish);
  const query = textAt(wish, "query");
  const limit = numberAt(wish, "limit");
  if (guildId === undefined || !/^\d{17,20}$/.test(guildId) || ids === "malformed") return malformed;
  if (ids === undefined && (query === undefined || limit === undefined || limit < 0)) return malformed;
  if (wish.presences === true && (session.intents & intents.guildPresences) === 0) return disallowed;
  if (ids === undefined && query === "" && (session.intents & intents.guildMembers) === 0) return disallowed;
  const guild = world.guilds.get(guildId);
  if (!guild?.available || !guild.members.has(world.bot.id)) return { kind: "nothing" };
  const members = [...guild.members.values()];
  const found = ids
    ? members.filter((member) => ids.includes(member.user.id))
    : members.filter((member) => member.user.username.startsWith(query ?? "")).slice(0, limit || undefined);
  const missing = ids?.filter((id) => !guild.members.has(id)) ?? [];
  return {
    kind: "chunk",
    data: {
      guild_id: guildId,
      members: found.map(memberJson),
      chunk_index: 0,
      chunk_count: 1,
      ...(missing.length > 0 ? { not_found: missing } : {}),
      ...nonceOf(wish),
    },
  };
}

const malformed = { kind: "close", code: closeCodes.decodeError } as const;
const disallowed = { kind: "close", code: closeCodes.disallowedIntents } as const;

/** One id or up to a hundred. */
function userIds(wish: JsonObject): readonly string[] | "malformed" | undefined {
  const one = textAt(wish, "user_ids");
  const list = one === undefined ? listAt(wish, "user_ids") : [one];
  if (list === undefined) return wish.user_ids === undefined ? undefined : "malformed";
  const ids = list.map(String);
  const isSound = ids.length <= MOST_USER_IDS && ids.every((id) => /^\d{17,20}$/.test(id));
  return isSound ? ids : "malformed";
}

/** A nonce that is too long is left out of the answer. */
function nonceOf(wish: JsonObject): JsonObject {
  const nonce = textAt(wish, "nonce");
  return nonce === undefined || Buffer.byteLength(nonce) > MOST_NONCE_BYTES ? {} : { nonce };
}
