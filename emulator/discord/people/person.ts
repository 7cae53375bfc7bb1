import type { JsonObject } from "../json.ts";
import { numberAt, objectAt, objectsAt, textAt } from "../json.ts";
import { componentTypes, flatten } from "../rules/components.ts";
import type { Waiting } from "../waiting.ts";
import type { MessageView } from "../wire/message.ts";
import { openDirect } from "../world/guilds.ts";
import type { OpenModal } from "../world/interaction.ts";
import { startInteraction } from "../world/interactions.ts";
import { readAllowedMentions } from "../world/mentions.ts";
import { deleteMessage, editMessage } from "../world/messages.ts";
import { type Channel, isThread, type Message, type User } from "../world/model.ts";
import { may, sees } from "../world/permissions.ts";
import { react, unreact } from "../world/reactions.ts";
import { editThread } from "../world/threads.ts";
import type { World } from "../world/world.ts";
import { type FieldInputs, modalData, readOptions } from "./forms.ts";
import { type Choice, createHandle, type InteractionHandle } from "./interaction-handle.ts";
import { type NewPost, openThread, post, type Saying, say } from "./posting.ts";
import { createResolved } from "./resolved.ts";
import { findSlash, type OptionInputs, offeredCommands, slashData } from "./slash.ts";
import { toWireText } from "./speech.ts";

export interface PersonParts {
  readonly world: World;
  readonly waiting: Waiting;
  readonly view: () => MessageView;
}

/**
 * Somebody who uses Discord: only what their client would let them do is possible, anything else throws. The methods
 * return as soon as Discord has taken what was done; what the bot makes of it is waited for with `discord.until`.
 */
export class Person {
  readonly user: User;
  readonly id: string;
  readonly name: string;
  readonly #parts: PersonParts;

  constructor(user: User, parts: PersonParts) {
    this.user = user;
    this.id = user.id;
    this.name = user.displayName;
    this.#parts = parts;
  }

  /** The direct channel with the bot. */
  dm(): Channel {
    return openDirect(this.#parts.world, this.user);
  }

  /** Posts a message; `@name`, `@bot`, `@role` and `#channel` in the text become mentions. */
  async says(channel: Channel, text: string, options: Saying = {}): Promise<Message> {
    return say(this.#parts.world, this.user, channel, text, options);
  }

  async edits(message: Message, text: string): Promise<void> {
    this.#needOwn(message);
    const channel = this.#channelOf(message);
    const content = toWireText(this.#parts.world, channel, text);
    editMessage(this.#parts.world, channel, message, {
      content,
      allowed: readAllowedMentions(undefined, "message"),
    });
  }

  async deletes(message: Message): Promise<void> {
    const channel = this.#channelOf(message);
    const isOwn = message.author.id === this.id;
    if (!isOwn && !may(this.#parts.world, channel, this.user, "MANAGE_MESSAGES")) {
      throw new Error(`${this.name} may not delete messages of others`);
    }
    deleteMessage(this.#parts.world, channel, message);
  }

  async types(channel: Channel): Promise<void> {
    this.#needSight(channel);
    this.#parts.world.emit({ kind: "typing", channel, user: this.user });
  }

  async reacts(message: Message, emoji: string): Promise<void> {
    this.#needSight(this.#channelOf(message));
    react(this.#parts.world, message, this.user, emoji);
  }

  async unreacts(message: Message, emoji: string): Promise<void> {
    unreact(this.#parts.world, message, this.user, emoji);
  }

  /** Opens a forum post: a thread with its first message. */
  async posts(forum: Channel, title: string, text: string, options: NewPost = {}): Promise<Channel> {
    return post(this.#parts.world, this.user, forum, title, text, options);
  }

  /** Opens a public thread in a channel, or from a message. */
  async opensThread(from: Channel | Message, name: string): Promise<Channel> {
    return openThread(this.#parts.world, this.user, from, name);
  }

  /** Archives, reopens, locks, unlocks or renames a thread, as its owner or a moderator may. */
  async changesThread(
    channel: Channel,
    change: { readonly archived?: boolean; readonly locked?: boolean; readonly name?: string },
  ): Promise<void> {
    const { world } = this.#parts;
    if (!isThread(channel)) throw new Error(`${channel.name} is not a thread`);
    const manages = may(world, channel, this.user, "MANAGE_THREADS");
    if (!manages && (channel.ownerId !== this.id || change.locked !== undefined)) {
      throw new Error(`${this.name} may not change ${channel.name}`);
    }
    editThread(world, channel, change);
  }

  /** Names of the commands that this person is offered here: "/ask", "Ask an agent about this". */
  offers(channel: Channel): string[] {
    const commands = offeredCommands(this.#parts.world, channel, this.user);
    return commands.map((command) => (command.type === 1 ? `/${command.name}` : command.name));
  }

  /** Runs a slash command. Throws when it is not registered or the options do not fit. */
  async runs(channel: Channel, typed: string, options: OptionInputs = {}): Promise<InteractionHandle> {
    const { world } = this.#parts;
    this.#needSight(channel);
    const chosen = findSlash(world, channel, this.user, typed);
    const resolved = createResolved(this.#parts.view(), channel);
    const data = slashData(world, chosen, options, resolved);
    const commandName = [chosen.command.name, ...chosen.path].join(" ");
    return this.#start({ kind: "command", user: this.user, channel, data, commandName, commandType: 1 });
  }

  /** What autocomplete offers for `text` typed into `option`. Throws when the bot does not answer in time. */
  async completes(
    channel: Channel,
    typed: string,
    option: string,
    text: string,
    others: OptionInputs = {},
  ): Promise<readonly Choice[]> {
    const { world } = this.#parts;
    const chosen = findSlash(world, channel, this.user, typed);
    const declared = flattenOptions(chosen.command.definition).find((candidate) => candidate.name === option);
    if (declared?.autocomplete !== true) throw new Error(`"${option}" of ${typed} has no autocomplete`);
    const resolved = createResolved(this.#parts.view(), channel);
    const data = slashData(world, chosen, { ...others, [option]: text }, resolved, option);
    const commandName = chosen.command.name;
    const handle = this.#start({ kind: "autocomplete", user: this.user, channel, data, commandName });
    return (await handle.response()).choices ?? [];
  }

  /** Uses a message context menu command. */
  async uses(message: Message, name: string): Promise<InteractionHandle> {
    const channel = this.#channelOf(message);
    const offered = offeredCommands(this.#parts.world, channel, this.user).filter(
      (command) => command.type === 3,
    );
    const command = offered.find((candidate) => candidate.name === name);
    if (!command)
      throw new Error(`"${name}" is not offered; offered: ${offered.map((other) => other.name).join(", ")}`);
    const resolved = createResolved(this.#parts.view(), channel);
    const target = resolved.message(message);
    const guild = command.guildId === undefined ? {} : { guild_id: command.guildId };
    const data = { id: command.id, name, type: 3, target_id: target, ...guild, ...resolved.json() };
    return this.#start({
      kind: "command",
      user: this.user,
      channel,
      data,
      commandName: name,
      commandType: 3,
    });
  }

  /** Clicks a button by its label, emoji or custom_id. Throws when there is none that can be clicked. */
  async clicks(message: Message, label: string): Promise<InteractionHandle> {
    const button = this.#componentOf(message, label, (component) => component.type === componentTypes.button);
    return this.#useComponent(message, button, {});
  }

  /** Chooses from a select by its placeholder or custom_id; options by label or value, people and so on by id. */
  async selects(
    message: Message,
    placeholder: string,
    values: readonly string[],
  ): Promise<InteractionHandle> {
    const isSelect = (component: JsonObject) => {
      const type = numberAt(component, "type") ?? 0;
      return (
        type === componentTypes.stringSelect ||
        (type >= componentTypes.userSelect && type <= componentTypes.channelSelect)
      );
    };
    const select = this.#componentOf(message, placeholder, isSelect);
    const chosen = readOptions(select, placeholder, values);
    const resolved = createResolved(this.#parts.view(), this.#channelOf(message));
    for (const id of chosen) {
      const user = this.#parts.world.users.get(id);
      if (user) resolved.user(user);
    }
    return this.#useComponent(message, select, { values: chosen, ...resolved.json() });
  }

  /** Fills in and sends a form by the labels of its fields. */
  async submits(modal: OpenModal, inputs: FieldInputs): Promise<InteractionHandle> {
    const { channel, source } = modal.interaction;
    const resolved = createResolved(this.#parts.view(), channel);
    const data = modalData(this.#parts.world, modal, inputs, resolved);
    return this.#start({ kind: "modal", user: this.user, channel, data, ...(source ? { source } : {}) });
  }

  #useComponent(message: Message, component: JsonObject, more: JsonObject): InteractionHandle {
    const channel = this.#channelOf(message);
    const { type, id, custom_id } = component;
    const data = { component_type: type, id, custom_id, ...more };
    return this.#start({ kind: "component", user: this.user, channel, data, source: message });
  }

  #componentOf(message: Message, name: string, fits: (component: JsonObject) => boolean): JsonObject {
    this.#needSight(this.#channelOf(message));
    if (message.ephemeralFor !== undefined && message.ephemeralFor !== this.id) {
      throw new Error(`${this.name} does not see this message`);
    }
    const all = flatten(message.components).filter(fits);
    const found = all.find((component) => namesOf(component).includes(name));
    const isUsable = found && found.disabled !== true && textAt(found, "custom_id") !== undefined;
    if (isUsable) return found;
    const offered = all.map((component) => namesOf(component)[0]).join(", ") || "nothing";
    throw new Error(`"${name}" ${found ? "is disabled" : "is not there"}; there is: ${offered}`);
  }

  #start(wanted: Parameters<typeof startInteraction>[1]): InteractionHandle {
    return createHandle(startInteraction(this.#parts.world, wanted), this.#parts.waiting);
  }

  #channelOf(message: Message): Channel {
    const channel = this.#parts.world.channels.get(message.channelId);
    if (!channel || message.deleted) throw new Error("this message is gone");
    return channel;
  }

  #needOwn(message: Message): void {
    if (message.author.id !== this.id) throw new Error(`${this.name} did not write this message`);
  }

  #needSight(channel: Channel): void {
    if (!sees(this.#parts.world, channel, this.user))
      throw new Error(`${this.name} does not see #${channel.name}`);
  }
}

function namesOf(component: JsonObject): string[] {
  const emoji = textAt(objectAt(component, "emoji") ?? {}, "name");
  const names = [
    textAt(component, "label"),
    textAt(component, "placeholder"),
    emoji,
    textAt(component, "custom_id"),
  ];
  return names.filter((name) => name !== undefined);
}

function flattenOptions(definition: JsonObject): JsonObject[] {
  return objectsAt(definition, "options").flatMap((option) => [option, ...flattenOptions(option)]);
}
