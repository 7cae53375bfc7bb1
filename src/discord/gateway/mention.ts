import { ChannelType, cleanContent, type Message, MessageType } from "discord.js";
import { isAllowedChannel, mayUse } from "../../conversation/access.ts";
import type { AgentRef } from "../../conversation/agent-ref.ts";
import type { Place } from "../../conversation/place.ts";
import { fittingImages } from "../rest/cdn.ts";
import { quotePrompt } from "../view/safe-text.ts";
import type { Asking, Front } from "./asking.ts";
import { confirmButtons, confirmText } from "./confirm.ts";
import { actorOfMessage, channelIdsOf, fileOf, placeOf } from "./event.ts";
import { examplesFor } from "./example-prompts.ts";
import { insteadOffer } from "./instead-offer.ts";
import type { LoopGuard } from "./loop-guard.ts";
import { forwardedMaterial, joinMaterial, type Material, materialOf } from "./material.ts";
import { threadChance } from "./permissions.ts";
import type { Asked, Surroundings, ThreadChance } from "./surroundings.ts";

/** Messages as prompts: mentions, and plain messages where every message is one. */
export interface Mentions {
  created(message: Message): Promise<void>;
  /** Asks a message that was found later; the caller has claimed it. */
  found(message: Message): Promise<void>;
  /** A prompt that still waits follows its message. */
  edited(message: Message): Promise<void>;
  deleted(messageId: string): Promise<void>;
}

/** Hears messages and asks. */
export function createMentions(around: Surroundings, asking: Asking, guard: LoopGuard): Mentions {
  async function created(message: Message): Promise<void> {
    if (reasonOf(around, message) === undefined) return;
    if (!(await around.seen.claim(seenKey(message.id), false, SEEN_TTL_MS))) return;
    await found(message);
    await around.seen.set(seenKey(message.id), true, SEEN_TTL_MS);
  }

  async function found(message: Message): Promise<void> {
    const reason = reasonOf(around, message);
    const place = placeOf(message.channel);
    if (reason === undefined || (message.author.bot && !mayBotAsk(message, place))) return;
    const front = frontOf(around, message);
    const asked = await askedBy(message, place);
    if (asked.text === "" && asked.files.length === 0 && asked.material === undefined) {
      return reason === "called" ? suggest(message, place, front) : undefined;
    }
    await asking.ask(asked, front);
  }

  /** Other bots are passed over in silence: an answer to a bot that is not listed could begin a loop. */
  function mayBotAsk(message: Message, place: Place): boolean {
    const decision = mayUse(around.access, around.presence(), actorOfMessage(message), place);
    return decision.allowed && guard.allows(place.channelId, around.clock.now());
  }

  async function askedBy(message: Message, place: Place): Promise<Asked> {
    const material = await materialWith(message);
    const own = [...message.attachments.values()].map(fileOf);
    return {
      actor: actorOfMessage(message),
      place,
      text: promptText(message, around.botId()),
      files: [...own, ...fittingImages(material?.files ?? [], own)],
      messageId: message.id,
      thread: chanceFor(message),
      ...(material === undefined ? {} : { material: material.text }),
    };
  }

  async function suggest(message: Message, place: Place, front: Front): Promise<void> {
    const decision = mayUse(around.access, around.presence(), actorOfMessage(message), place);
    if (!decision.allowed) return front.refuse(decision.sentence);
    const examples = await examplesFor(around, actorOfMessage(message), place);
    const lines = examples.map((one) => `> ${quotePrompt(one, 200)}`);
    const hint =
      lines.length > 0 ? `Ask me something, for example:\n${lines.join("\n")}` : "Ask me something.";
    await front.refuse(`${hint}\n\`/help\` tells more.`);
  }

  return {
    created,
    found,
    async edited(message) {
      // The bot's own reply to a command is that prompt's message too, and tells how it stands.
      if (message.editedTimestamp === null || message.author.id === around.botId()) return;
      const text = promptText(message, around.botId());
      if (text !== "") await around.conversations.editWaiting(message.id, text);
    },
    async deleted(messageId) {
      await around.conversations.removeWaiting((prompt) => prompt.discordMessageId === messageId);
    },
  };
}

/** Two days: longer than Discord replays anything, and than anything is caught up. */
export const SEEN_TTL_MS = 48 * 60 * 60 * 1000;

/** Where it is noted that a message was heard; the row becomes true when its prompt is stored, or it was refused. */
export function seenKey(messageId: string): string {
  return `message/${messageId}`;
}

/** Why a message is a prompt: it calls the bot, or every message there is one (`own`: the bot's thread, or direct). */
export type PromptReason = "called" | "own" | "listed";

/** Whether a message is a prompt, and why; undefined: it is none. */
export function reasonOf(around: Surroundings, message: Message): PromptReason | undefined {
  if (message.author.id === around.botId() || !isSaid(message)) return undefined;
  if (isCalled(message, around.botId())) return "called";
  return reasonOfPlace(around, message, placeOf(message.channel));
}

function isSaid(message: Message): boolean {
  return message.type === MessageType.Default || message.type === MessageType.Reply;
}

/** A mention, a reply with its ping on, or the role that Discord made for this bot. */
function isCalled(message: Message, botId: string): boolean {
  return (
    message.mentions.users.has(botId) || message.mentions.roles.some((role) => role.tags?.botId === botId)
  );
}

/** Whether a plain message is a prompt: in the bot's own threads, in listed channels, in direct messages. */
function reasonOfPlace(around: Surroundings, message: Message, place: Place): PromptReason | undefined {
  if (around.mentionOnly) return undefined;
  if (place.kind === "direct") return "own";
  if (!around.messageContent) return undefined;
  const { channel } = message;
  if (channel.isThread() && channel.ownerId === around.botId()) return "own";
  return isListed(around, message, place) ? "listed" : undefined;
}

function isListed(around: Surroundings, { channel }: Message, place: Place): boolean {
  const listed = around.access.channelIds.length > 0 && isAllowedChannel(around.access, place);
  if (!channel.isThread()) return listed;
  const bound = around.routing.bindings.some((one) => channelIdsOf(place).includes(one.channelId));
  const inForum =
    channel.parent?.type === ChannelType.GuildForum || channel.parent?.type === ChannelType.GuildMedia;
  return inForum && (listed || bound);
}

/** What the person typed, without the mention, with names instead of ids; a forum post begins with its title. */
export function promptText(message: Message, botId: string): string {
  const own = new RegExp(`<@[!]?${botId}>`, "g");
  const role = message.guild?.members.me?.roles.botRole;
  const said = message.content.replaceAll(own, "").replaceAll(role ? `<@&${role.id}>` : "\0", "");
  const text = cleanContent(said, message.channel).trim();
  const { channel } = message;
  const isPost = channel.isThread() && channel.id === message.id && channel.parent?.isThreadOnly() === true;
  return isPost ? `${channel.name}\n\n${text}`.trim() : text;
}

async function materialWith(message: Message): Promise<Material | undefined> {
  const forwarded = forwardedMaterial(message);
  const isReply = message.type === MessageType.Reply && message.reference !== null;
  const referenced = isReply ? await message.fetchReference().catch(() => undefined) : undefined;
  // What the bot itself said is in the agent's context already.
  const quoted =
    referenced && referenced.author.id !== message.client.user.id ? materialOf(referenced) : undefined;
  return joinMaterial([forwarded, quoted].flatMap((one) => (one ? [one] : [])));
}

function chanceFor(message: Message): ThreadChance {
  const { channel, guild, client } = message;
  const permissions = channel.isDMBased() ? null : (guild?.members.me?.permissionsIn(channel) ?? null);
  return threadChance(channel, permissions, client.user.id);
}

function frontOf(around: Surroundings, message: Message): Front {
  const reply = (content: string, nonce: string) => ({ content, nonce, replyTo: message.id });
  return {
    async refuse(sentence) {
      await around.channels.post(message.channelId, reply(sentence, `no-${message.id}`));
    },
    async confirm(agent: AgentRef, pendingId) {
      const buttons = confirmButtons(pendingId, agent.cluster);
      await around.channels.post(message.channelId, {
        ...reply(confirmText(around.label(agent), agent.cluster), `ok-${message.id}`),
        buttons,
      });
    },
    async instead(card, pending) {
      const offer = insteadOffer(around, card, pending);
      await around.channels.post(message.channelId, {
        ...reply(offer.content, `in-${message.id}`),
        ...offer,
      });
    },
    async begin() {
      return { address: { channelId: message.channelId, messageId: message.id }, ours: false };
    },
  };
}
