import { ChannelType, type Client, type GuildBasedChannel, PermissionFlagsBits } from "discord.js";
import { isAllowedChannel, isServedGuild } from "../../conversation/access.ts";
import type { PlaceRow } from "../../conversation/context.ts";
import type { Store } from "../../conversation/ports.ts";
import type { History, ListedThread } from "../rest/history.ts";
import { isNewer, newestOf } from "./snowflake.ts";
import type { Surroundings } from "./surroundings.ts";
import type { Watermarks } from "./watermarks.ts";

/** A channel, thread or direct conversation in which something was written after the message `after`. */
export interface MovedPlace {
  readonly channelId: string;
  readonly after: string;
}

/** What finding them needs. */
export interface MovedPlacesOptions {
  readonly client: Client;
  readonly history: Pick<History, "activeThreads" | "archivedThreads">;
  readonly watermarks: Pick<Watermarks, "of">;
  /** What is remembered of places: Discord does not list a bot's direct conversations. */
  readonly places: Store<PlaceRow>;
}

interface Candidate {
  readonly channelId: string;
  readonly isOwn: boolean;
  /** Undefined: only reading tells. */
  readonly lastMessageId: string | undefined;
}

/** Places that are read at most; the bot's own threads come first, then those in which people wrote last. */
const MOST_PLACES = 200;
const MOST_DIRECT = 50;
/** Channels whose archives are looked into, one request each; those in which something was written last come first. */
const MOST_ARCHIVES = 20;
const NEWEST_ID = String(2n ** 64n - 1n);

/** Finds where people may have asked since the message `since`, nearest to the bot first. */
export async function movedPlaces(
  around: Surroundings,
  options: MovedPlacesOptions,
  since: string,
): Promise<readonly MovedPlace[]> {
  const guildIds = around
    .presence()
    .guildIds.filter((id) => isServedGuild(around.access, around.presence(), id));
  const candidates = await directPlaces(around, options);
  for (const guildId of guildIds) {
    const threads = [
      ...((await options.history.activeThreads(guildId)) ?? []),
      ...(await archivedThreads(around, options, guildId)),
    ];
    candidates.push(...channelsOf(around, options, guildId), ...threadsOf(around, threads, guildId));
  }
  const moved: MovedPlace[] = [];
  for (const { channelId, lastMessageId } of candidates.sort(byImportance)) {
    const watermark = await options.watermarks.of(channelId);
    const after = watermark === undefined ? since : newestOf(since, watermark);
    if (lastMessageId === undefined || isNewer(lastMessageId, after)) moved.push({ channelId, after });
    if (moved.length === MOST_PLACES) break;
  }
  return moved;
}

async function directPlaces(around: Surroundings, { places }: MovedPlacesOptions): Promise<Candidate[]> {
  if (!around.access.directMessages.enabled) return [];
  const rows = await places.list("direct/");
  const ids = rows.map(({ key }) => key.slice("direct/".length)).filter((id) => /^\d+$/.test(id));
  return ids.slice(-MOST_DIRECT).map((channelId) => ({ channelId, isOwn: true, lastMessageId: undefined }));
}

function channelsOf(
  { access }: Surroundings,
  { client }: MovedPlacesOptions,
  guildId: string,
): readonly Candidate[] {
  const channels = [...(client.guilds.cache.get(guildId)?.channels.cache.values() ?? [])];
  return channels.flatMap((channel) => {
    const isText = channel.type === ChannelType.GuildText || channel.type === ChannelType.GuildAnnouncement;
    if (!isText || channel.lastMessageId === null) return [];
    const { id: channelId, lastMessageId } = channel;
    if (!isAllowedChannel(access, { kind: "channel", guildId, channelId })) return [];
    return [{ channelId, isOwn: false, lastMessageId }];
  });
}

/** A thread may have been archived after somebody wrote in it. */
async function archivedThreads(
  { access }: Surroundings,
  { client, history }: MovedPlacesOptions,
  guildId: string,
): Promise<readonly ListedThread[]> {
  const parents = [...(client.guilds.cache.get(guildId)?.channels.cache.values() ?? [])]
    .filter((one) => hasReadableThreads(one, client))
    .filter((one) => isAllowedChannel(access, { kind: "channel", guildId, channelId: one.id }))
    .sort((one, other) => (isNewer(lastIn(one), lastIn(other)) ? -1 : 1));
  const found: ListedThread[] = [];
  for (const { id } of parents.slice(0, MOST_ARCHIVES))
    found.push(...((await history.archivedThreads(id)) ?? []));
  return found;
}

function hasReadableThreads(channel: GuildBasedChannel, { user }: Client): boolean {
  const { GuildText, GuildAnnouncement, GuildForum } = ChannelType;
  const { type } = channel;
  if (type !== GuildText && type !== GuildAnnouncement && type !== GuildForum) return false;
  const needed = [PermissionFlagsBits.ViewChannel, PermissionFlagsBits.ReadMessageHistory];
  return (user && channel.permissionsFor(user)?.has(needed)) ?? false;
}

/** Of a forum it is not known: nothing is written in it but its threads, so it comes first. */
function lastIn(channel: GuildBasedChannel): string {
  return "lastMessageId" in channel ? (channel.lastMessageId ?? "0") : NEWEST_ID;
}

function threadsOf(
  around: Surroundings,
  threads: readonly ListedThread[],
  guildId: string,
): readonly Candidate[] {
  return threads.flatMap(({ id: channelId, ownerId, parentId, lastMessageId }) => {
    const parent = parentId === undefined ? {} : { parentId };
    const place = { kind: "thread", guildId, channelId, ...parent } as const;
    if (lastMessageId === undefined || !isAllowedChannel(around.access, place)) return [];
    return [{ channelId, isOwn: ownerId === around.botId(), lastMessageId }];
  });
}

function byImportance(one: Candidate, other: Candidate): number {
  if (one.isOwn !== other.isOwn) return one.isOwn ? -1 : 1;
  return isNewer(one.lastMessageId ?? "0", other.lastMessageId ?? "0") ? -1 : 1;
}
