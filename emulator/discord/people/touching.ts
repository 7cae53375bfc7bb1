import { type JsonObject, numberAt, objectAt, textAt } from "../json.ts";
import { componentTypes, flatten } from "../rules/components.ts";
import type { OpenModal } from "../world/interaction.ts";
import { type Channel, isThread, type Message, type User } from "../world/model.ts";
import { start } from "./commanding.ts";
import { type FieldInputs, modalData, readOptions } from "./forms.ts";
import type { InteractionHandle } from "./interaction-handle.ts";
import { channelOf, needSight, type PersonParts } from "./parts.ts";
import { createResolved } from "./resolved.ts";

export function clickButton(
  parts: PersonParts,
  user: User,
  message: Message,
  label: string,
): InteractionHandle {
  const isButton = (component: JsonObject) => component.type === componentTypes.button;
  return useComponent(parts, user, message, findComponent(parts, user, message, label, isButton), {});
}

export function chooseFrom(
  parts: PersonParts,
  user: User,
  message: Message,
  placeholder: string,
  values: readonly string[],
): InteractionHandle {
  const select = findComponent(parts, user, message, placeholder, isSelect);
  const chosen = readOptions(select, placeholder, values);
  const resolved = createResolved(parts.view(), channelOf(parts.world, message));
  for (const id of chosen) {
    const named = parts.world.users.get(id);
    if (named) resolved.user(named);
  }
  return useComponent(parts, user, message, select, { values: chosen, ...resolved.json() });
}

export function submitForm(
  parts: PersonParts,
  user: User,
  modal: OpenModal,
  inputs: FieldInputs,
): InteractionHandle {
  const { channel, source } = modal.interaction;
  if (modal.interaction.user.id !== user.id) throw new Error(`${user.displayName} does not see this form`);
  const data = modalData(parts.world, modal, inputs, createResolved(parts.view(), channel));
  return start(parts, { kind: "modal", user, channel, data, ...(source ? { source } : {}) });
}

function isSelect(component: JsonObject): boolean {
  const type = numberAt(component, "type") ?? 0;
  const { stringSelect, userSelect, channelSelect } = componentTypes;
  return type === stringSelect || (type >= userSelect && type <= channelSelect);
}

function useComponent(
  parts: PersonParts,
  user: User,
  message: Message,
  component: JsonObject,
  more: JsonObject,
): InteractionHandle {
  const { type, id, custom_id } = component;
  const data = { component_type: type, id, custom_id, ...more };
  const channel = channelOf(parts.world, message);
  return start(parts, { kind: "component", user, channel, data, source: message });
}

function findComponent(
  parts: PersonParts,
  user: User,
  message: Message,
  name: string,
  fits: (component: JsonObject) => boolean,
): JsonObject {
  needSight(parts.world, user, channelOf(parts.world, message));
  needTouch(user, channelOf(parts.world, message));
  if (message.ephemeralFor !== undefined && message.ephemeralFor !== user.id) {
    throw new Error(`${user.displayName} does not see this message`);
  }
  const all = flatten(message.components).filter(fits);
  const found = all.find((component) => namesOf(component).includes(name));
  if (found && found.disabled !== true && textAt(found, "custom_id") !== undefined) return found;
  const offered = all.map((component) => namesOf(component)[0]).join(", ") || "nothing";
  throw new Error(`"${name}" ${found ? "is disabled" : "is not there"}; there is: ${offered}`);
}

/** Phones let nobody use components in an archived thread; the desktop client does. */
function needTouch(user: User, channel: Channel): void {
  if (user.phone && isThread(channel) && channel.thread.archived) {
    throw new Error(`${user.displayName}'s phone fails: the thread is archived`);
  }
}

function namesOf(component: JsonObject): string[] {
  const emoji = textAt(objectAt(component, "emoji") ?? {}, "name");
  const label = textAt(component, "label");
  const both = label !== undefined && emoji !== undefined ? `${emoji} ${label}` : undefined;
  const names = [label, both, textAt(component, "placeholder"), emoji, textAt(component, "custom_id")];
  return names.filter((name) => name !== undefined);
}
