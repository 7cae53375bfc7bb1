import { randomBytes } from "node:crypto";
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import { applicationFlags } from "../wire/application.ts";
import { guildCreateJson } from "../wire/guild.ts";
import type { MessageView } from "../wire/message.ts";
import { ownUserJson } from "../wire/user.ts";
import type { World } from "../world/world.ts";
import { type Desk, serveConnection } from "./connection.ts";
import { toEvents } from "./events.ts";
import { closeCodes, intents, opcodes } from "./protocol.ts";
import { Session } from "./session.ts";

const RESUMABLE_MS = 300_000;

export interface GatewayOptions {
  readonly world: World;
  readonly heartbeatMs: number;
  /** `ws://…/gateway`. */
  readonly url: () => string;
  readonly view: (contentGranted: boolean) => MessageView;
}

/** The gateway and everything that can go wrong with it. */
export interface Gateway {
  /** So far: connections opened, sessions started and resumed. */
  readonly stats: { readonly connections: number; readonly identifies: number; readonly resumes: number };
  /** Connections open now. */
  readonly open: number;
  /** Sessions that can hear events now. */
  readonly listening: number;
  /** Closes every connection with this code (1000 and 1001 end the sessions). */
  close(code: number, reason?: string): void;
  /** Cuts every connection without a close frame. */
  drop(): void;
  /** Stops sending events and/or heartbeat ACKs; connections stay open. Default: both. */
  silence(what?: { readonly events?: boolean; readonly acks?: boolean }): void;
  /** Ends a silence; what was withheld arrives only through a RESUME. */
  speak(): void;
  /** Refuses the next RESUMEs (op 9). */
  refuseResumes(times?: number): void;
  /** Asks clients to reconnect (op 7). */
  askToReconnect(): void;
  /** Tells clients that their session is over (op 9). */
  invalidate(resumable?: boolean): void;
  /** Refuses new connections (503 to the handshake) until it is called with false. */
  refuseConnections(refused: boolean): void;
  /** Sends the next events twice, as Discord sometimes does. */
  duplicate(times?: number): void;
  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void;
  stop(): void;
}

export function createGateway(options: GatewayOptions): Gateway {
  const { world } = options;
  const server = new WebSocketServer({ noServer: true });
  const sessions = new Map<string, Session>();
  const stats = { connections: 0, identifies: 0, resumes: 0 };
  const mood = { events: true, acks: true, refusedResumes: 0, refusing: false, duplicates: 0 };

  const identify: Desk["identify"] = (wanted, shard, send) => {
    stats.identifies += 1;
    world.identifies += 1;
    const session = new Session(randomBytes(16).toString("hex"), wanted, shard);
    session.send = send;
    sessions.set(session.id, session);
    greet(options, session);
    return session;
  };
  const resume: Desk["resume"] = (id, sequence) => {
    const session = sessions.get(id);
    const isStale = session?.lostAt !== undefined && world.clock.now() - session.lostAt > RESUMABLE_MS;
    const missed = session?.since(sequence);
    if (mood.refusedResumes > 0 || !session || isStale || !missed) {
      mood.refusedResumes = Math.max(mood.refusedResumes - 1, 0);
      sessions.delete(id);
      return undefined;
    }
    stats.resumes += 1;
    session.lostAt = undefined;
    return { session, missed };
  };
  const desk: Desk = {
    clock: world.clock,
    token: world.token,
    heartbeatMs: options.heartbeatMs,
    deniedIntents: () =>
      intents.guildMembers | intents.guildPresences | (world.messageContent ? 0 : intents.messageContent),
    acknowledges: () => mood.acks,
    identify,
    resume,
    lost(session, code) {
      session.send = undefined;
      session.lostAt = world.clock.now();
      if (code === 1000 || code === 1001) sessions.delete(session.id);
    },
  };

  const stopListening = world.onChange((change) => {
    for (const session of sessions.values()) {
      const view = options.view((session.intents & intents.messageContent) !== 0);
      for (const event of toEvents(view, change, session.intents)) {
        if (!session.hears(event.guildId)) continue;
        session.dispatch(event.name, event.data, mood.events);
        if (mood.duplicates <= 0) continue;
        mood.duplicates -= 1;
        session.dispatch(event.name, event.data, mood.events);
      }
    }
  });
  const each = (act: (socket: WebSocket) => void) => {
    for (const socket of server.clients) act(socket);
  };

  return {
    stats,
    get open() {
      return server.clients.size;
    },
    get listening() {
      return [...sessions.values()].filter((session) => session.send !== undefined).length;
    },
    close: (code, reason) => each((socket) => socket.close(code, reason)),
    drop: () => each((socket) => socket.terminate()),
    silence(what = { events: true, acks: true }) {
      mood.events = !what.events;
      mood.acks = !what.acks;
    },
    speak() {
      mood.events = true;
      mood.acks = true;
    },
    refuseResumes(times = 1) {
      mood.refusedResumes = times;
    },
    askToReconnect: () => each((socket) => socket.send(JSON.stringify({ op: opcodes.reconnect, d: null }))),
    invalidate(resumable = false) {
      if (!resumable) sessions.clear();
      each((socket) => socket.send(JSON.stringify({ op: opcodes.invalidSession, d: resumable })));
    },
    refuseConnections(refused) {
      mood.refusing = refused;
    },
    duplicate(times = 1) {
      mood.duplicates = times;
    },
    upgrade(request, socket, head) {
      const url = new URL(request.url ?? "/", "http://localhost");
      if (mood.refusing || url.pathname.replace(/\/$/, "") !== "/gateway") {
        socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
        return;
      }
      server.handleUpgrade(request, socket, head, (connection) => {
        stats.connections += 1;
        const isRightVersion =
          url.searchParams.get("v") === "10" && url.searchParams.get("encoding") === "json";
        if (isRightVersion) serveConnection(connection, desk);
        else connection.close(closeCodes.invalidVersion, "Invalid API version.");
      });
    },
    stop() {
      stopListening();
      each((socket) => socket.terminate());
      server.close();
    },
  };
}

/** READY and the guilds. */
function greet(options: GatewayOptions, session: Session): void {
  const { world } = options;
  const own = [...world.guilds.values()].filter(
    (guild) => guild.members.has(world.bot.id) && session.hears(guild.id),
  );
  const ready = {
    v: 10,
    user: ownUserJson(world.bot),
    guilds: own.map((guild) => ({ id: guild.id, unavailable: true })),
    session_id: session.id,
    resume_gateway_url: options.url(),
    shard: [...session.shard],
    application: { id: world.applicationId, flags: applicationFlags(world) },
    private_channels: [],
    geo_ordered_rtc_regions: [],
    _trace: [],
  };
  session.dispatch("READY", ready, true);
  if ((session.intents & intents.guilds) === 0) return;
  for (const guild of own) session.dispatch("GUILD_CREATE", guildCreateJson(guild, world), true);
}
