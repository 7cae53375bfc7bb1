import { refuse } from "../../errors.ts";
import { compareIds } from "../../snowflake.ts";
import { messageJson } from "../../wire/message.ts";
import type { Channel, Message } from "../../world/model.ts";
import { holdsMessages, may } from "../../world/permissions.ts";
import { channelOf } from "../access.ts";
import { type Answer, type Call, ok } from "../call.ts";

const USUAL_LIMIT = 50;

/** `GET /channels/{id}/messages`: newest first, at most one of `around`, `before`, `after`. */
export function listMessages(call: Call): Answer {
  const channel = channelOf(call);
  if (!holdsMessages(channel)) throw refuse("notTextChannel");
  if (!may(call.world, channel, call.world.bot, "READ_MESSAGE_HISTORY")) return ok([]);
  const picked = pick(channel, call.query).sort((a, b) => compareIds(b.id, a.id));
  return ok(picked.map((message) => messageJson(call.view, channel, message)));
}

function pick(channel: Channel, query: URLSearchParams): Message[] {
  const all = [...channel.messages.values()].filter((message) => message.ephemeralFor === undefined);
  all.sort((a, b) => compareIds(a.id, b.id));
  const limit = Number(query.get("limit") ?? USUAL_LIMIT);
  const after = query.get("after");
  const before = query.get("before");
  const around = query.get("around");
  if (around !== null) return pickAround(all, around, limit);
  if (after !== null) return all.filter((message) => compareIds(message.id, after) > 0).slice(0, limit);
  if (before !== null) return all.filter((message) => compareIds(message.id, before) < 0).slice(-limit);
  return all.slice(-limit);
}

function pickAround(all: readonly Message[], around: string, limit: number): Message[] {
  const at = all.findIndex((message) => compareIds(message.id, around) >= 0);
  const from = Math.max((at < 0 ? all.length : at) - Math.floor(limit / 2), 0);
  return all.slice(from, from + limit);
}
