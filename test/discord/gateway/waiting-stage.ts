import { MessageFlags } from "discord.js";
import { onTestFinished } from "vitest";
import about from "../../../commands/about.ts";
import { commandsFor } from "../../../commands/index.ts";
import { LOCALES, QUESTION_OPTIONS } from "../../../commands/locales.ts";
import { startDiscord } from "../../../emulator/discord/discord.ts";
import type { Channel, Message } from "../../../emulator/discord/world/model.ts";
import { createThread } from "../../../emulator/discord/world/threads.ts";
import type { RequestItem } from "../../../src/conversation/approval.ts";
import { createApprovalBook } from "../../../src/conversation/approval-book.ts";
import type { ApprovalRow } from "../../../src/conversation/approval-row.ts";
import { createApprovals } from "../../../src/conversation/approvals.ts";
import { createCardKeeper } from "../../../src/conversation/card-keeper.ts";
import { createPauseClaims } from "../../../src/conversation/pause-claims.ts";
import type { Pauses } from "../../../src/conversation/pauses.ts";
import type { Place } from "../../../src/conversation/place.ts";
import { type ApprovalConfig, type ApprovalRule, guardFor } from "../../../src/conversation/policy.ts";
import type { Prompt } from "../../../src/conversation/prompt.ts";
import { rejectionOf } from "../../../src/conversation/verdicts.ts";
import { createBot } from "../../../src/discord/gateway/bot.ts";
import { commandsApi, createClient, createRest } from "../../../src/discord/gateway/client.ts";
import { toCommandsJson } from "../../../src/discord/gateway/command-json.ts";
import { registerCommands } from "../../../src/discord/gateway/register.ts";
import type { Surroundings } from "../../../src/discord/gateway/surroundings.ts";
import { createCards } from "../../../src/discord/rest/cards.ts";
import { createChannels } from "../../../src/discord/rest/channel.ts";
import { createDiscordWire } from "../../../src/discord/rest/discord-wire.ts";
import { createScheduler } from "../../../src/discord/rest/scheduler.ts";
import { readApprovalRow, readOutboxRow } from "../../../src/store/approval-rows.ts";
import { openStore } from "../../../src/store/open.ts";
import { readFlag, readPending } from "../../../src/store/rows.ts";
import { systemClock } from "../../../src/telemetry/clock.ts";
import { silentLog } from "../../silent-log.ts";
import { conversationsWith, rowOf } from "./waiting-rows.ts";

const HOUR_MS = 60 * 60 * 1000;

interface StageOptions {
  /** Who approves, and how many; default: members with Manage Server. */
  readonly rule?: { readonly role: string; readonly count?: number };
  /** A role of its own for those who may ask the agent; default: everybody may. */
  readonly askers?: string;
  /** In ana's direct messages instead of a thread. */
  readonly direct?: boolean;
  /** Whether people of direct messages are in a served server; default false. */
  readonly isMember?: () => boolean;
  readonly items?: readonly RequestItem[];
  /** The bot starts only with `startBot`. */
  readonly asleep?: boolean;
}

/** A local Discord, the real client and gateway, the real approvals; no agent: a decision stays in the outbox. */
export async function stageWaiting(options: StageOptions = {}) {
  const roomy = { limit: 50, perMs: 5000 };
  const discord = await startDiscord({ limits: { buckets: { create: roomy, edit: roomy } } });
  const guild = discord.createGuild({ name: "acme" });
  const ops = guild.createChannel({ name: "ops" });
  const role = options.rule && guild.createRole({ name: options.rule.role });
  const askers = options.askers === undefined ? undefined : guild.createRole({ name: options.askers });
  const ana = discord.createPerson({ name: "ana", roles: askers ? [askers] : [] });
  const ben = discord.createPerson({ name: "ben", roles: role ? [role] : [], manager: !role });
  const eve = discord.createPerson({ name: "eve" });
  const owned = { owner: discord.world.bot, kind: "public-thread", autoArchiveMinutes: 10_080 } as const;
  const thread = options.direct
    ? ana.dm()
    : createThread(discord.world, ops, { name: "restart web", ...owned });
  const place: Place = options.direct
    ? { kind: "direct", channelId: thread.id }
    : { kind: "thread", guildId: guild.id, channelId: thread.id, parentId: ops.id };

  const rules: readonly ApprovalRule[] = role
    ? [
        {
          agents: ["*"],
          clusters: ["*"],
          tools: ["*"],
          effect: "ask",
          roleIds: [role.id],
          userIds: [],
          count: options.rule?.count ?? 1,
          distinctRoles: false,
          askerMayApprove: false,
          directMessages: false,
        },
      ]
    : [];
  const approval: ApprovalConfig = { rules, expiresAfterMs: HOUR_MS };
  const access = {
    guildIds: [guild.id],
    channelIds: [],
    directMessages: { enabled: options.direct === true, userIds: [] },
    botIds: [],
    rules: askers ? [{ agents: ["*"], clusters: ["*"], roleIds: [askers.id], userIds: [] }] : [],
  };
  const store = await openStore("memory:", { clock: systemClock, log: silentLog });
  const book = createApprovalBook(
    store.collection("approval", readApprovalRow),
    store.collection("outbox", readOutboxRow),
  );
  const look = {
    clusters: [{ name: "default", label: "default", production: false }],
    guardNow: (...[of, item]: Parameters<Surroundings["cardLook"]["guardNow"]>) =>
      guardFor(approval, of, item),
  };
  const entered: ApprovalRow[] = [];
  const rejections: string[] = [];
  const asked: Prompt[] = [];
  const left: ((place: Place) => boolean)[] = [];

  const pauses: Pauses = {
    resolve: unexpected,
    finishAllBut: unexpected,
    forward: unexpected,
    showNotTaken: unexpected,
    stop: unexpected,
    async reject(id, by, reason) {
      const row = await book.row(id);
      if (!row) return false;
      rejections.push(reason);
      const decision = rejectionOf(row, reason);
      return book.claim(id, { state: "delivered", decision, by, decidedAt: Date.now(), attempts: 1 });
    },
    inPlace: ({ channelId }) => entered.find((row) => row.place.channelId === channelId),
  };

  function boot() {
    const client = createClient({ token: discord.token, apiUrl: discord.apiUrl, messageContent: true });
    const scheduler = createScheduler({ wire: createDiscordWire(client.rest), clock: systemClock });
    const cards = createCards({ scheduler, log: silentLog, clock: systemClock, look });
    const keeper = createCardKeeper({ book, cards, approval, log: silentLog });
    const presence = () => ({ guildIds: [...client.guilds.cache.keys()] });
    const approvals = createApprovals({
      book,
      keeper,
      pauses,
      audit: { write: async () => {} },
      claims: createPauseClaims({ book, approval, clock: systemClock }),
      serving: () => ({ access, presence: presence() }),
      clock: systemClock,
    });
    const around: Surroundings = {
      conversations: conversationsWith(asked, left),
      approvals,
      cardLook: look,
      directory: { list: async () => [], known: () => [], agent: unexpected },
      channels: createChannels(scheduler),
      access,
      routing: {
        namespace: "kagent",
        clusters: look.clusters,
        defaultCluster: "default",
        routes: [],
        defaultAgent: "k8s-agent",
        bindings: [],
        rules: [],
      },
      commands: commandsFor([], 1),
      seen: store.collection("seen", readFlag),
      pending: store.collection("pending", readPending),
      clock: systemClock,
      log: silentLog,
      newId: counter(),
      version: "0",
      mentionOnly: false,
      messageContent: true,
      label: (ref) => ref.name,
      presence,
      isMember: async () => options.isMember?.() ?? false,
      doctor: async () => [],
      botId: () => client.user?.id ?? "",
      gateway: () => ({ connected: true, pingMs: undefined }),
    };
    const bot = createBot(client, around, about.form, () => {});
    return { bot, keeper };
  }

  let running: ReturnType<typeof boot> | undefined;
  async function startBot(): Promise<void> {
    running = boot();
    await running.bot.start(discord.token);
  }
  async function stopBot(): Promise<void> {
    await running?.bot.stop();
    running = undefined;
  }
  const commands = toCommandsJson(commandsFor([], 1), about.name, LOCALES, QUESTION_OPTIONS);
  const registration = { applicationId: discord.applicationId, guildIds: [guild.id], commands };
  await registerCommands(
    commandsApi(createRest({ token: discord.token, apiUrl: discord.apiUrl })),
    registration,
    silentLog,
  );
  onTestFinished(async () => {
    await stopBot();
    await discord.stop();
    await store.close();
  });

  /** Something waits; resolves when its card is shown. */
  async function pause(items: readonly RequestItem[], more: Partial<ApprovalRow> = {}): Promise<ApprovalRow> {
    const row = rowOf(`request-${entered.length}`, place, items, ana.id, approval);
    entered.push({ ...row, ...more });
    await book.enter({ ...row, ...more });
    await running?.keeper.refresh(row.id);
    return (await book.row(row.id)) ?? row;
  }

  if (!options.asleep) await startBot();
  if (options.items) await pause(options.items);

  const sees = (what: string | RegExp, as?: typeof ana, channel: Channel = thread) =>
    discord.until(
      () => {
        const text = discord.transcript(channel, as ? { as } : {});
        return (typeof what === "string" ? text.includes(what) : what.test(text)) ? text : undefined;
      },
      { what: `${what} to be seen` },
    );
  return {
    discord,
    guild,
    ops,
    thread,
    place,
    role,
    ana,
    ben,
    eve,
    book,
    asked,
    left,
    rejections,
    pause,
    startBot,
    stopBot,
    sees,
    /** The first card, as everybody sees it. */
    card: (channel: Channel = thread): Promise<Message> =>
      discord.until(() => discord.messages(channel).findLast(isCard), { what: "a card" }),
    /** The newest private message of a person, once it shows this. */
    step: (who: typeof ana, what: string): Promise<Message> =>
      discord.until(
        () => {
          const mine = discord.messages(thread).findLast((one) => one.ephemeralFor === who.id);
          return mine && discord.messageText(mine).includes(what) ? mine : undefined;
        },
        { what: `a private message with ${what}` },
      ),
    /** The decision in the outbox, once it is there. */
    decision: async (id = "request-0") =>
      (await discord.until(() => book.decision(id), { what: "a decision" })).decision.verdicts,
    row: async (id = "request-0") => (await book.row(id)) ?? unexpected(),
  };
}

/** A message of Components V2 that everybody sees. */
function isCard(message: Message): boolean {
  const isV2 = (message.flags & MessageFlags.IsComponentsV2) !== 0;
  return isV2 && message.ephemeralFor === undefined && !message.deleted;
}

function counter(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `id-${Date.now().toString(36)}-${last}`;
  };
}

function unexpected(): never {
  throw new Error("this does not happen here");
}
