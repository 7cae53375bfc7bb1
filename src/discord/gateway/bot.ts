import { type Client, Events, GatewayDispatchEvents, type Interaction, type Message } from "discord.js";
import { BridgeError } from "../../conversation/errors.ts";
import type { Clock, Log } from "../../conversation/ports.ts";
import type { MessageCommand } from "../command.ts";
import { createAsking } from "./asking.ts";
import { type CatchUpOptions, createCatchUp } from "./catch-up.ts";
import { notingAsking } from "./handled.ts";
import { createInteractions } from "./interaction.ts";
import { fatalClose, loginFailure } from "./login-failure.ts";
import { createLoopGuard } from "./loop-guard.ts";
import { createMentions } from "./mention.ts";
import { observeAsking } from "./observed-asking.ts";
import type { Surroundings } from "./surroundings.ts";
import { createWaitingPlaces } from "./waiting-places.ts";

/** The live connection to Discord. */
export interface Bot {
  /** Resolves when the gateway is ready. Rejects with `BridgeError("discord-failed")`. */
  start(token: string): Promise<void>;
  /** Hears nothing more; requests still go through. */
  stop(): Promise<void>;
}

const READY_TIMEOUT_MS = 30_000;
const STOP_TIMEOUT_MS = 2_500;

/**
 * Connects a client's events to the core. One boundary around every event: nothing thrown inside ends the process.
 * Without `missed` nothing is looked for that came while the bot was away.
 */
export function createBot(
  client: Client,
  around: Surroundings,
  form: MessageCommand["form"],
  onFatal: (error: Error) => void,
  missed?: CatchUpOptions,
): Bot {
  const { log } = around;
  const plain = missed ? notingAsking(createAsking(around), missed.watermarks) : createAsking(around);
  const asking = around.handling ? observeAsking(plain, around.handling) : plain;
  const mentions = createMentions(around, asking, createLoopGuard());
  const catchUp = missed && createCatchUp(around, client, mentions, missed);
  const interactions = createInteractions(around, asking, form, catchUp);
  const places = createWaitingPlaces(around, client);
  const events = guard(log);
  const guarded = events.run;
  let usedToken = "";

  async function deleted(messageId: string): Promise<void> {
    await mentions.deleted(messageId);
    await around.approvals.cardDeleted(messageId);
  }

  client.on(Events.InteractionCreate, (interaction: Interaction) =>
    guarded("interaction", interaction.id, () => interactions.handle(interaction)),
  );
  client.on(Events.MessageCreate, (message: Message) =>
    guarded("message", message.id, async () => {
      if (message.channel.partial) await message.channel.fetch();
      await mentions.created(message);
    }),
  );
  client.on(Events.MessageUpdate, (_before, message) =>
    guarded("edit", message.id, async () => {
      if (!message.partial) await mentions.edited(message);
    }),
  );
  client.on(Events.MessageDelete, (message) => guarded("deletion", message.id, () => deleted(message.id)));
  client.on(Events.MessageBulkDelete, (messages) =>
    guarded("deletion", "bulk", async () => {
      for (const id of messages.keys()) await deleted(id);
    }),
  );
  client.on(Events.ThreadDelete, (thread) =>
    guarded("thread deletion", thread.id, () =>
      places.gone((place) => place.channelId === thread.id, "The thread was deleted."),
    ),
  );
  client.on(Events.ThreadUpdate, (_before, thread) =>
    guarded("thread change", thread.id, () => places.threadChanged(thread)),
  );
  // Discord says nothing of the threads that go with their channel.
  client.on(Events.ChannelDelete, ({ id }) =>
    guarded("channel deletion", id, () =>
      places.gone((place) => place.channelId === id || place.parentId === id, "The channel was deleted."),
    ),
  );
  client.on(Events.GuildDelete, ({ id }) =>
    guarded("guild left", id, () =>
      places.gone((place) => place.guildId === id, "The bot was removed from the server."),
    ),
  );
  client.ws.on(GatewayDispatchEvents.Ready, (ready: unknown) => {
    catchUp?.sessionBegan();
    guarded("session", "ready", () => places.sessionBegan(ready));
  });
  client.once(Events.ClientReady, () =>
    guarded("start", "ready", () => places.lookAround().finally(() => catchUp?.look())),
  );
  client.on(Events.ShardReady, () => {
    // At the start the waiting cards come first; later a new session means that the old one could not be resumed.
    if (!client.isReady()) return;
    guarded("session", "look", () => places.lookAgain());
    catchUp?.look();
  });
  client.on(Events.Error, (err) => log.warn({ err }, "gateway error"));
  client.on(Events.Warn, (message) => log.warn({}, message));
  client.on(Events.ShardReconnecting, () => log.info({}, "gateway reconnecting"));
  client.on(Events.ShardResume, (_shard, replayed) => log.info({ replayed }, "gateway resumed"));
  client.on(Events.ShardDisconnect, ({ code }) => onFatal(fatalClose(code)));

  return {
    async start(token) {
      usedToken = token;
      const login = client.login(token).catch((cause: unknown) => {
        throw loginFailure(cause);
      });
      const ended = new AbortController();
      // Together: either can fail while the other one is still waited for.
      await Promise.all([login, untilReady(client, around.clock, ended.signal)]).finally(() => ended.abort());
    },
    async stop() {
      client.removeAllListeners(Events.ShardDisconnect);
      client.removeAllListeners(Events.ShardReconnecting);
      // discord.js forgets the token with the connection; what is still to be shown needs it.
      const keepToken = () => void client.rest.setToken(usedToken);
      const patience = AbortSignal.timeout(STOP_TIMEOUT_MS);
      const looking = catchUp?.close() ?? Promise.resolve();
      await settledBy(client.destroy().then(keepToken), patience);
      keepToken();
      // A question that was heard is on its way to the store.
      await settledBy(events.idle(), patience);
      await settledBy(looking, patience);
    },
  };
}

function guard(log: Log) {
  const working = new Set<Promise<void>>();
  return {
    run(what: string, id: string, work: () => Promise<void>): void {
      const handled = work()
        .catch((err: unknown) => log.error({ err, event: what, id }, "an event could not be handled"))
        .finally(() => working.delete(handled));
      working.add(handled);
    },
    /** Resolves when every event heard so far is handled. */
    async idle(): Promise<void> {
      await Promise.all(working);
    },
  };
}

/** Resolves when the work is done, or without it when the signal is aborted. */
async function settledBy(work: Promise<void>, signal: AbortSignal): Promise<void> {
  const late = new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
  await Promise.race([work, late]);
}

/** Rejects when the gateway is not ready in time; waits no longer once `ended`. */
async function untilReady(client: Client, clock: Clock, ended: AbortSignal): Promise<void> {
  const ready = new Promise<void>((resolve) => client.once(Events.ClientReady, () => resolve()));
  const late = clock.sleep(READY_TIMEOUT_MS, ended).then(() => {
    throw new BridgeError(
      "discord-failed",
      "Discord's gateway did not become ready within 30 seconds. Try again.",
    );
  });
  await Promise.race([ready, late]);
}
