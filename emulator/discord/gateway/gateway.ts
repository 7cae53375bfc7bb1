import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { type WebSocket, WebSocketServer } from "ws";
import type { MessageView } from "../wire/message.ts";
import type { Change, World } from "../world/world.ts";
import { type Desk, serveConnection } from "./connection.ts";
import { toEvents } from "./events.ts";
import { greet } from "./greeting.ts";
import { answerMembers } from "./members.ts";
import { closeCodes, intents, opcodes } from "./protocol.ts";
import { Sessions } from "./sessions.ts";

export interface GatewayOptions {
  readonly world: World;
  readonly heartbeatMs: number;
  /** `ws://…/gateway`. */
  readonly url: () => string;
  readonly view: (contentGranted: boolean) => MessageView;
}

/** The gateway and everything that can go wrong with it. */
export class Gateway {
  readonly #options: GatewayOptions;
  readonly #server = new WebSocketServer({ noServer: true });
  readonly #sessions: Sessions;
  readonly #stopListening: () => void;
  #connections = 0;
  #sendsEvents = true;
  #acknowledges = true;
  #refusesConnections = false;
  #duplicates = 0;
  #identifyRefusal: number | undefined;
  #memberRequests = 0;

  constructor(options: GatewayOptions) {
    this.#options = options;
    this.#sessions = new Sessions(options.world.clock);
    this.#stopListening = options.world.onChange((change) => this.#tell(change));
  }

  /** So far: connections opened, sessions started and resumed. */
  get stats(): { readonly connections: number; readonly identifies: number; readonly resumes: number } {
    const { identifies, resumes } = this.#sessions;
    return { connections: this.#connections, identifies, resumes };
  }

  /** Connections open now. */
  get open(): number {
    return this.#server.clients.size;
  }

  /** Sessions that hear events now. */
  get listening(): number {
    return this.#sessions.all().filter((session) => session.send !== undefined).length;
  }

  /** Closes every connection with this code (1000 and 1001 end the sessions). */
  close(code: number, reason?: string): void {
    this.#each((socket) => socket.close(code, reason));
  }

  /** Cuts every connection without a close frame. */
  drop(): void {
    this.#each((socket) => socket.terminate());
  }

  /** Stops sending events and/or heartbeat ACKs; connections stay open. Default: both. */
  silence(what: { readonly events?: boolean; readonly acks?: boolean } = { events: true, acks: true }): void {
    this.#sendsEvents = !what.events;
    this.#acknowledges = !what.acks;
  }

  /** Ends a silence; what was withheld arrives only through a RESUME. */
  speak(): void {
    this.#sendsEvents = true;
    this.#acknowledges = true;
  }

  /** Refuses the next RESUMEs (op 9). */
  refuseResumes(times = 1): void {
    this.#sessions.refusedResumes = times;
  }

  /** Asks clients to reconnect (op 7). */
  askToReconnect(): void {
    this.#each((socket) => socket.send(JSON.stringify({ op: opcodes.reconnect, d: null })));
  }

  /** Tells clients that their session is over (op 9). */
  invalidate(resumable = false): void {
    if (!resumable) this.#sessions.forgetAll();
    this.#each((socket) => socket.send(JSON.stringify({ op: opcodes.invalidSession, d: resumable })));
  }

  /** Refuses new connections (503 to the handshake) until it is called with false. */
  refuseConnections(refused: boolean): void {
    this.#refusesConnections = refused;
  }

  /** Sends the next events twice, as Discord sometimes does. */
  duplicate(times = 1): void {
    this.#duplicates = times;
  }

  /** Closes the connection of every IDENTIFY with this code, until it is called without one. */
  refuseIdentifies(code?: number): void {
    this.#identifyRefusal = code;
  }

  /** How often members were asked for (op 8). */
  get memberRequests(): number {
    return this.#memberRequests;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    const url = new URL(request.url ?? "/", "http://localhost");
    if (this.#refusesConnections || url.pathname.replace(/\/$/, "") !== "/gateway") {
      socket.end("HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (connection) => {
      this.#connections += 1;
      const isKnown = url.searchParams.get("v") === "10" && url.searchParams.get("encoding") === "json";
      if (isKnown) serveConnection(connection, this.#desk());
      else connection.close(closeCodes.invalidVersion, "Invalid API version.");
    });
  }

  stop(): void {
    this.#stopListening();
    this.drop();
    this.#server.close();
  }

  #desk(): Desk {
    const { world, heartbeatMs, url } = this.#options;
    return {
      clock: world.clock,
      token: world.token,
      heartbeatMs,
      deniedIntents: () =>
        intents.guildMembers | intents.guildPresences | (world.messageContent ? 0 : intents.messageContent),
      acknowledges: () => this.#acknowledges,
      identify: (wanted, shard, send) => {
        if (this.#identifyRefusal !== undefined) return this.#identifyRefusal;
        if (!world.takeSessionStart()) return closeCodes.authenticationFailed;
        const session = this.#sessions.start(wanted, shard, send);
        greet(world, session, url());
        return session;
      },
      requestMembers: (session, data) => {
        this.#memberRequests += 1;
        const answer = answerMembers(world, session, data);
        if (answer.kind === "chunk") session.dispatch("GUILD_MEMBERS_CHUNK", answer.data, this.#sendsEvents);
        return answer.kind === "close" ? answer.code : undefined;
      },
      resume: (id, sequence) => this.#sessions.resume(id, sequence),
      lost: (session, code) => this.#sessions.lose(session, code),
    };
  }

  #tell(change: Change): void {
    for (const session of this.#sessions.all()) {
      const view = this.#options.view((session.intents & intents.messageContent) !== 0);
      for (const event of toEvents(view, change, session.intents)) {
        if (!session.hears(event.guildId)) continue;
        session.dispatch(event.name, event.data, this.#sendsEvents);
        if (this.#duplicates === 0) continue;
        this.#duplicates -= 1;
        session.dispatch(event.name, event.data, this.#sendsEvents);
      }
    }
  }

  #each(act: (socket: WebSocket) => void): void {
    for (const socket of this.#server.clients) act(socket);
  }
}
