import type { RawData, WebSocket } from "ws";
import type { Clock } from "../clock.ts";
import {
  isObject,
  type Json,
  type JsonObject,
  listAt,
  numberAt,
  objectAt,
  parseJson,
  textAt,
} from "../json.ts";
import { closeCodes, knownIntents, MOST_PAYLOAD_BYTES, MOST_SENDS, opcodes } from "./protocol.ts";
import type { Session } from "./session.ts";

/** What a connection asks of the gateway. */
export interface Desk {
  readonly clock: Clock;
  readonly token: string;
  readonly heartbeatMs: number;
  /** Bits of intents that this application may not ask for. */
  readonly deniedIntents: () => number;
  readonly acknowledges: () => boolean;
  /** The session, or the code that the connection is closed with. */
  identify(intents: number, shard: readonly [number, number], send: (text: string) => void): Session | number;
  /** Asks for members (op 8); the result is a close code where that was not allowed. */
  requestMembers(session: Session, data: Json | undefined): number | undefined;
  /** Gives the session and the events missed, or undefined when it cannot be resumed. */
  resume(
    id: string,
    sequence: number,
  ): { readonly session: Session; readonly missed: readonly string[] } | undefined;
  lost(session: Session, closeCode: number): void;
}

/** Speaks the gateway protocol with one client. */
export function serveConnection(socket: WebSocket, desk: Desk): void {
  let session: Session | undefined;
  const sends = createSendCounter(desk.clock);
  const send = (text: string) => {
    if (socket.readyState === socket.OPEN) socket.send(text);
  };
  const say = (payload: JsonObject) => send(JSON.stringify({ t: null, s: null, ...payload }));

  const handle = (op: number, data: Json | undefined) => {
    if (op === opcodes.heartbeat) {
      if (desk.acknowledges()) say({ op: opcodes.ack, d: null });
      return;
    }
    if (op === opcodes.identify || op === opcodes.resume) {
      if (session) return socket.close(closeCodes.alreadyAuthenticated, "Already authenticated.");
      session = op === opcodes.identify ? identify(socket, desk, data, send) : resume(desk, data, send, say);
      return;
    }
    if (op !== opcodes.presence && op !== opcodes.voice && op !== opcodes.requestMembers) {
      return socket.close(closeCodes.unknownOpcode, "Unknown opcode.");
    }
    if (!session) return socket.close(closeCodes.notAuthenticated, "Not authenticated.");
    const refused = op === opcodes.requestMembers ? desk.requestMembers(session, data) : undefined;
    if (refused !== undefined) socket.close(refused, "The request for members was refused.");
  };

  socket.on("message", (raw: RawData) => {
    if (sends() > MOST_SENDS.limit)
      return socket.close(closeCodes.rateLimited, "You are being rate limited.");
    const payload = readPayload(raw);
    const op = payload && numberAt(payload, "op");
    if (op === undefined) return socket.close(closeCodes.decodeError, "Error while decoding payload.");
    handle(op, payload?.d);
  });
  socket.on("close", (code) => {
    if (session && session.send === send) desk.lost(session, code);
  });
  socket.on("error", () => socket.terminate());
  say({ op: opcodes.hello, d: { heartbeat_interval: desk.heartbeatMs } });
}

/** Counts one more message; gives how many there were in the last minute. */
function createSendCounter(clock: Clock): () => number {
  const sends: number[] = [];
  return () => {
    const now = clock.now();
    while (sends.length > 0 && (sends[0] ?? 0) <= now - MOST_SENDS.perMs) sends.shift();
    return sends.push(now);
  };
}

function readPayload(raw: RawData): JsonObject | undefined {
  const text = String(raw);
  if (Buffer.byteLength(text) > MOST_PAYLOAD_BYTES) return undefined;
  try {
    const payload = parseJson(text);
    return isObject(payload) ? payload : undefined;
  } catch {
    return undefined;
  }
}

function identify(
  socket: WebSocket,
  desk: Desk,
  data: Json | undefined,
  send: (text: string) => void,
): Session | undefined {
  const identity = isObject(data) ? data : {};
  const refuse = (code: number, reason: string) => {
    socket.close(code, reason);
    return undefined;
  };
  if (textAt(identity, "token")?.replace(/^Bot /, "") !== desk.token) {
    return refuse(closeCodes.authenticationFailed, "Authentication failed.");
  }
  const intents = numberAt(identity, "intents");
  if (intents === undefined || (intents & ~knownIntents) !== 0 || !objectAt(identity, "properties")) {
    return refuse(closeCodes.invalidIntents, "Invalid intent(s).");
  }
  if ((intents & desk.deniedIntents()) !== 0)
    return refuse(closeCodes.disallowedIntents, "Disallowed intent(s).");
  const [own, all] = (listAt(identity, "shard") ?? [0, 1]).map(Number);
  if (own === undefined || all === undefined || own >= all)
    return refuse(closeCodes.invalidShard, "Invalid shard.");
  const identified = desk.identify(intents, [own, all], send);
  return typeof identified === "number" ? refuse(identified, "The identify was refused.") : identified;
}

function resume(
  desk: Desk,
  data: Json | undefined,
  send: (text: string) => void,
  say: (payload: JsonObject) => void,
): Session | undefined {
  const wish = isObject(data) ? data : {};
  const isKnown = textAt(wish, "token")?.replace(/^Bot /, "") === desk.token;
  const found = isKnown
    ? desk.resume(textAt(wish, "session_id") ?? "", numberAt(wish, "seq") ?? 0)
    : undefined;
  if (!found) {
    say({ op: opcodes.invalidSession, d: false });
    return undefined;
  }
  found.session.send = send;
  for (const text of found.missed) send(text);
  found.session.dispatch("RESUMED", {}, true);
  return found.session;
}
