import { type JsonObject, objectsAt } from "../json.ts";
import { type NewInteraction, startInteraction } from "../world/interactions.ts";
import type { Channel, Message, User } from "../world/model.ts";
import { type Choice, createHandle, type InteractionHandle } from "./interaction-handle.ts";
import { channelOf, needSight, type PersonParts } from "./parts.ts";
import { createResolved } from "./resolved.ts";
import { findSlash, type OptionInputs, offeredCommands, slashData } from "./slash.ts";

export function start(parts: PersonParts, wanted: NewInteraction): InteractionHandle {
  return createHandle(startInteraction(parts.world, wanted), parts.waiting);
}

export function runSlash(
  parts: PersonParts,
  user: User,
  channel: Channel,
  typed: string,
  options: OptionInputs,
): InteractionHandle {
  const { world } = parts;
  needSight(world, user, channel);
  const chosen = findSlash(world, channel, user, typed);
  const data = slashData(world, chosen, options, createResolved(parts.view(), channel));
  const commandName = [chosen.command.name, ...chosen.path].join(" ");
  return start(parts, { kind: "command", user, channel, data, commandName, commandType: 1 });
}

/** What somebody is typing: the option in focus and its text, and what the other options have. */
export interface Typing {
  readonly option: string;
  readonly text: string;
  readonly others: OptionInputs;
}

export async function complete(
  parts: PersonParts,
  user: User,
  channel: Channel,
  typed: string,
  typing: Typing,
): Promise<readonly Choice[]> {
  const { world } = parts;
  const { option, text, others } = typing;
  const chosen = findSlash(world, channel, user, typed);
  const declared = allOptions(chosen.command.definition).find((candidate) => candidate.name === option);
  if (declared?.autocomplete !== true) throw new Error(`"${option}" of ${typed} has no autocomplete`);
  const resolved = createResolved(parts.view(), channel);
  const data = slashData(world, chosen, { ...others, [option]: text }, resolved, option);
  const commandName = chosen.command.name;
  const handle = start(parts, { kind: "autocomplete", user, channel, data, commandName });
  return (await handle.response()).choices ?? [];
}

function allOptions(definition: JsonObject): JsonObject[] {
  return objectsAt(definition, "options").flatMap((option) => [option, ...allOptions(option)]);
}

export function useMenu(parts: PersonParts, user: User, message: Message, name: string): InteractionHandle {
  const channel = channelOf(parts.world, message);
  const offered = offeredCommands(parts.world, channel, user).filter((command) => command.type === 3);
  const command = offered.find((candidate) => candidate.name === name);
  if (!command) {
    throw new Error(`"${name}" is not offered; offered: ${offered.map((other) => other.name).join(", ")}`);
  }
  const resolved = createResolved(parts.view(), channel);
  const target = resolved.message(message);
  const guild = command.guildId === undefined ? {} : { guild_id: command.guildId };
  const data = { id: command.id, name, type: 3, target_id: target, ...guild, ...resolved.json() };
  return start(parts, { kind: "command", user, channel, data, commandName: name, commandType: 3 });
}
