import { type JsonObject, numberAt, objectAt, objectsAt, textAt } from "../json.ts";
import { toPlainText } from "../people/speech.ts";
import { componentTypes, flatten } from "../rules/components.ts";
import { compareIds } from "../snowflake.ts";
import { type Channel, isThread, type Message, messageFlags, type User } from "../world/model.ts";
import { sees } from "../world/permissions.ts";
import type { World } from "../world/world.ts";

export interface TranscriptOptions {
  /** Whose eyes: ephemeral messages show only to their reader. Default: everything that is not ephemeral. */
  readonly as?: { readonly user: User };
  /** Lists every content that a message had, with the time since its creation. */
  readonly history?: boolean;
}

const THREAD_CREATED = 18;
const THREAD_STARTER = 21;

/** A channel as text: who said what, with buttons in brackets, files, embeds, reactions and threads on lines of their own. */
export function transcriptOf(world: World, channel: Channel, options: TranscriptOptions = {}): string {
  const reader = options.as?.user;
  if (reader && !sees(world, channel, reader)) return `${reader.displayName} does not see #${channel.name}`;
  const shown = [...channel.messages.values()]
    .filter((message) => message.ephemeralFor === undefined || message.ephemeralFor === reader?.id)
    .sort((a, b) => compareIds(a.id, b.id));
  const lines = shown.flatMap((message) => messageLines(world, message, options.history === true));
  return [titleOf(channel), ...lines].join("\n");
}

function titleOf(channel: Channel): string {
  if (!isThread(channel)) return channel.kind === "dm" ? "(direct messages)" : `#${channel.name}`;
  const state = [channel.thread.archived ? "archived" : "", channel.thread.locked ? "locked" : ""].filter(
    Boolean,
  );
  return `# ${channel.name}${state.length > 0 ? ` (${state.join(", ")})` : ""}`;
}

/** The lines of one message. */
export function messageLines(world: World, message: Message, withHistory = false): string[] {
  if (message.type === THREAD_STARTER) return [];
  const author = message.author.bot ? `${message.author.displayName} BOT` : message.author.displayName;
  if (message.type === THREAD_CREATED) return [`${author} started a thread: ${message.content}`];
  const [first = "", ...rest] = bodyOf(world, message).split("\n");
  return [
    ...contextLines(world, message),
    `${author}: ${first}${notesOf(message)}`,
    ...rest.map((line) => `  ${line}`),
    ...extraLines(world, message).map((line) => `  ${line}`),
    ...(withHistory ? historyLines(world, message) : []),
  ];
}

function bodyOf(world: World, message: Message): string {
  if (message.flags & messageFlags.loading) return "(thinking…)";
  const texts = flatten(message.components)
    .filter((component) => component.type === componentTypes.textDisplay)
    .map((component) => textAt(component, "content") ?? "");
  return toPlainText(world, [message.content, ...texts].filter((text) => text !== "").join("\n"));
}

function notesOf(message: Message): string {
  const notes = [
    message.editedAt === undefined ? "" : "edited",
    message.ephemeralFor === undefined ? "" : "only you can see this",
  ].filter((note) => note !== "");
  return notes.length > 0 ? ` (${notes.join(", ")})` : "";
}

function contextLines(world: World, message: Message): string[] {
  const { interaction, reference } = message;
  const used = interaction
    ? [`↳ ${interaction.user.displayName} used ${message.type === 20 ? "/" : ""}${interaction.name ?? ""}`]
    : [];
  if (reference?.kind !== "reply") return used;
  const target = world.channels.get(reference.channelId)?.messages.get(reference.messageId);
  const quoted = target
    ? `${target.author.displayName}: ${shorten(bodyOf(world, target))}`
    : "a deleted message";
  return [...used, `↳ to ${quoted}`];
}

function shorten(text: string): string {
  const line = text.split("\n")[0] ?? "";
  return line.length > 60 ? `${line.slice(0, 59)}…` : line;
}

function extraLines(world: World, message: Message): string[] {
  const thread = message.threadId === undefined ? undefined : world.channels.get(message.threadId);
  const reactions = [...message.reactions.values()].map(({ emoji, userIds }) => `${emoji} ${userIds.size}`);
  return [
    ...(message.snapshot ? `forwarded: ${toPlainText(world, message.snapshot.content)}`.split("\n") : []),
    ...[...message.embeds, ...(message.snapshot?.embeds ?? [])].flatMap(embedLines),
    ...message.attachments.map((file) => `file: ${file.filename} (${file.bytes.byteLength} bytes)`),
    ...message.previews.map((url) => `preview: ${url}`),
    ...message.components.flatMap(componentLines),
    ...(reactions.length > 0 ? [`reactions: ${reactions.join(", ")}`] : []),
    ...(thread ? [`thread: ${thread.name}`] : []),
  ];
}

function embedLines(embed: JsonObject): string[] {
  const fields = objectsAt(embed, "fields").map(
    (field) => `${textAt(field, "name")}: ${textAt(field, "value")}`,
  );
  const texts = [textAt(embed, "title"), textAt(embed, "description"), ...fields].filter(
    (text) => text !== undefined,
  );
  return texts
    .join("\n")
    .split("\n")
    .map((line) => `| ${line}`);
}

/** A row of buttons or a select on one line. */
function componentLines(component: JsonObject): string[] {
  const inner = objectsAt(component, "components");
  if (component.type !== componentTypes.row) return inner.flatMap(componentLines);
  return [inner.map(controlText).join(" ")];
}

function controlText(control: JsonObject): string {
  const emoji = textAt(objectAt(control, "emoji") ?? {}, "name");
  const label = textAt(control, "label") ?? textAt(control, "placeholder");
  const name = [emoji, label].filter((part) => part !== undefined).join(" ");
  const options = objectsAt(control, "options").map((option) => textAt(option, "label"));
  const isButton = numberAt(control, "type") === componentTypes.button;
  const shown = isButton ? name : `${name} ▾ ${options.join(" | ")}`;
  return control.disabled === true ? `[${shown} (disabled)]` : `[${shown}]`;
}

function historyLines(world: World, message: Message): string[] {
  return message.history.map(({ at, content }) => {
    const text = toPlainText(world, content).replaceAll("\n", "⏎");
    return `  +${Math.round(at - message.createdAt)}ms ${text}`;
  });
}
