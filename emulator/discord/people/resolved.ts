import type { JsonObject } from "../json.ts";
import { channelJson } from "../wire/channel.ts";
import { attachmentJson, type MessageView, messageJson } from "../wire/message.ts";
import { bareMemberJson, roleJson, userJson } from "../wire/user.ts";
import type { Attachment, Channel, Message, Role, User } from "../world/model.ts";
import { permissionsIn } from "../world/permissions.ts";

/** Collects the objects that an interaction's data names by id. */
export interface Resolved {
  attachment(file: Attachment): string;
  user(user: User): string;
  role(role: Role): string;
  channel(channel: Channel): string;
  message(message: Message): string;
  /** `{ resolved: … }`, or nothing when no id was named. */
  json(): JsonObject;
}

export function createResolved(view: MessageView, place: Channel): Resolved {
  const tables = new Map<string, Map<string, JsonObject>>();
  const add = (table: string, id: string, json: JsonObject) => {
    const entries = tables.get(table) ?? new Map<string, JsonObject>();
    tables.set(table, entries.set(id, json));
    return id;
  };
  const { world } = view;
  return {
    attachment: (file) =>
      add("attachments", file.id, { ...attachmentJson(view, place.id, file), ephemeral: true }),
    user(user) {
      const member = world.guildOf(place)?.members.get(user.id);
      const permissions = permissionsIn(world, place, user).toString();
      if (member) add("members", user.id, { ...bareMemberJson(member), permissions });
      return add("users", user.id, userJson(user));
    },
    role: (role) => add("roles", role.id, roleJson(role)),
    channel: (channel) =>
      add("channels", channel.id, {
        ...channelJson(channel, world.bot),
        permissions: permissionsIn(world, channel, world.bot).toString(),
      }),
    message: (message) =>
      add("messages", message.id, messageJson({ ...view, contentGranted: true }, place, message)),
    json() {
      if (tables.size === 0) return {};
      return {
        resolved: Object.fromEntries([...tables].map(([name, rows]) => [name, Object.fromEntries(rows)])),
      };
    },
  };
}
