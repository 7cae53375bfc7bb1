import type { RoleView } from "../view/announcement.ts";
import type { Scheduler } from "./scheduler.ts";

/** Whether a thread is locked; false where it cannot be learned. */
export async function readThreadLock(scheduler: Scheduler, channelId: string): Promise<boolean> {
  const outcome = await scheduler.request({
    kind: "other:channel",
    channelId,
    priority: "waiting",
    repeatable: true,
    call: () => ({ method: "GET", path: `/channels/${channelId}` }),
  });
  const thread = outcome.kind === "ok" ? field(outcome.body, "thread_metadata") : undefined;
  return field(thread, "locked") === true;
}

/** The roles of a server by id; undefined where they cannot be learned. */
export async function readRoles(
  scheduler: Scheduler,
  guildId: string,
): Promise<ReadonlyMap<string, RoleView> | undefined> {
  const outcome = await scheduler.request({
    kind: "other:roles",
    channelId: guildId,
    priority: "waiting",
    repeatable: true,
    call: () => ({ method: "GET", path: `/guilds/${guildId}/roles` }),
  });
  if (outcome.kind !== "ok" || !Array.isArray(outcome.body)) return undefined;
  return new Map(outcome.body.flatMap(readRole).map((role) => [role.id, role]));
}

function readRole(value: unknown): readonly RoleView[] {
  const id = field(value, "id");
  const name = field(value, "name");
  const mentionable = field(value, "mentionable") === true;
  return typeof id === "string" && typeof name === "string" ? [{ id, name, mentionable }] : [];
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
}
