import { openDirect } from "../world/guilds.ts";
import type { OpenModal } from "../world/interaction.ts";
import { readAllowedMentions } from "../world/mentions.ts";
import { deleteMessage, editMessage } from "../world/messages.ts";
import { type Channel, isThread, type Message, type User } from "../world/model.ts";
import { may } from "../world/permissions.ts";
import { react, unreact } from "../world/reactions.ts";
import { editThread } from "../world/threads.ts";
import { complete, runSlash, useMenu } from "./commanding.ts";
import type { FieldInputs } from "./forms.ts";
import type { Choice, InteractionHandle } from "./interaction-handle.ts";
import { channelOf, needSight, type PersonParts } from "./parts.ts";
import { type NewPost, openThread, post, type Saying, say } from "./posting.ts";
import { type OptionInputs, offeredCommands } from "./slash.ts";
import { toWireText } from "./speech.ts";
import { chooseFrom, clickButton, submitForm } from "./touching.ts";

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
    const { world } = this.#parts;
    if (message.author.id !== this.id) throw new Error(`${this.name} did not write this message`);
    const channel = channelOf(world, message);
    const content = toWireText(world, channel, text);
    editMessage(world, channel, message, { content, allowed: readAllowedMentions(undefined, "message") });
  }

  async deletes(message: Message): Promise<void> {
    const { world } = this.#parts;
    const channel = channelOf(world, message);
    const isAllowed = message.author.id === this.id || may(world, channel, this.user, "MANAGE_MESSAGES");
    if (!isAllowed) throw new Error(`${this.name} may not delete messages of others`);
    deleteMessage(world, channel, message);
  }

  async types(channel: Channel): Promise<void> {
    needSight(this.#parts.world, this.user, channel);
    this.#parts.world.emit({ kind: "typing", channel, user: this.user });
  }

  async reacts(message: Message, emoji: string): Promise<void> {
    const { world } = this.#parts;
    needSight(world, this.user, channelOf(world, message));
    react(world, message, this.user, emoji);
  }

  async unreacts(message: Message, emoji: string): Promise<void> {
    unreact(this.#parts.world, message, this.user, emoji);
  }

  /** Opens a forum post: a thread with its first message. */
  async posts(forum: Channel, title: string, text: string, options: NewPost = {}): Promise<Channel> {
    return post(this.#parts.world, this.user, forum, title, text, options);
  }

  /** Opens a thread in a channel, or from a message; a private one only in a channel. */
  async opensThread(
    from: Channel | Message,
    name: string,
    options: { readonly private?: boolean } = {},
  ): Promise<Channel> {
    return openThread(this.#parts.world, this.user, from, name, options.private === true);
  }

  /** Archives, reopens, locks, unlocks or renames a thread, as its owner or a moderator may. */
  async changesThread(
    channel: Channel,
    change: { readonly archived?: boolean; readonly locked?: boolean; readonly name?: string },
  ): Promise<void> {
    const { world } = this.#parts;
    if (!isThread(channel)) throw new Error(`${channel.name} is not a thread`);
    const manages = may(world, channel, this.user, "MANAGE_THREADS");
    const isAllowed = manages || (channel.ownerId === this.id && change.locked === undefined);
    if (!isAllowed) throw new Error(`${this.name} may not change ${channel.name}`);
    editThread(world, channel, change);
  }

  /** Names of the commands that this person is offered here: "/ask", "Ask an agent about this". */
  offers(channel: Channel): string[] {
    const commands = offeredCommands(this.#parts.world, channel, this.user);
    return commands.map((command) => (command.type === 1 ? `/${command.name}` : command.name));
  }

  /** Runs a slash command. Throws when it is not registered or the options do not fit. */
  async runs(channel: Channel, typed: string, options: OptionInputs = {}): Promise<InteractionHandle> {
    return runSlash(this.#parts, this.user, channel, typed, options);
  }

  /** What autocomplete offers for `text` typed into `option`. Throws when the bot does not answer in time. */
  completes(
    channel: Channel,
    typed: string,
    option: string,
    text: string,
    others: OptionInputs = {},
  ): Promise<readonly Choice[]> {
    return complete(this.#parts, this.user, channel, typed, { option, text, others });
  }

  /** Uses a message context menu command. */
  async uses(message: Message, name: string): Promise<InteractionHandle> {
    return useMenu(this.#parts, this.user, message, name);
  }

  /** Clicks a button by its label, emoji or custom_id. Throws when there is none that can be clicked. */
  async clicks(message: Message, label: string): Promise<InteractionHandle> {
    return clickButton(this.#parts, this.user, message, label);
  }

  /** Chooses from a select by its placeholder or custom_id; options by label or value, people and so on by id. */
  async selects(
    message: Message,
    placeholder: string,
    values: readonly string[],
  ): Promise<InteractionHandle> {
    return chooseFrom(this.#parts, this.user, message, placeholder, values);
  }

  /** Fills in and sends a form by the labels of its fields. */
  async submits(modal: OpenModal, inputs: FieldInputs): Promise<InteractionHandle> {
    return submitForm(this.#parts, this.user, modal, inputs);
  }
}
