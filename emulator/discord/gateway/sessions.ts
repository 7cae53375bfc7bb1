import { randomBytes } from "node:crypto";
import type { Clock } from "../clock.ts";
import { Session } from "./session.ts";

/** How long after its connection was lost a session can be resumed (ms). */
const RESUMABLE_MS = 300_000;

/** The sessions of the application, and how many were started and resumed. */
export class Sessions {
  identifies = 0;
  resumes = 0;
  /** So many of the next RESUMEs are refused. */
  refusedResumes = 0;
  readonly #clock: Clock;
  readonly #byId = new Map<string, Session>();

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  start(intents: number, shard: readonly [number, number], send: (text: string) => void): Session {
    this.identifies += 1;
    const session = new Session(randomBytes(16).toString("hex"), intents, shard);
    session.send = send;
    this.#byId.set(session.id, session);
    return session;
  }

  /** The session and what it missed, or undefined when it is unknown, too old or refused on purpose. */
  resume(
    id: string,
    sequence: number,
  ): { readonly session: Session; readonly missed: readonly string[] } | undefined {
    const session = this.#byId.get(id);
    const missed = session?.since(sequence);
    const isStale = session?.lostAt !== undefined && this.#clock.now() - session.lostAt > RESUMABLE_MS;
    if (this.refusedResumes > 0 || !session || !missed || isStale) {
      this.refusedResumes = Math.max(this.refusedResumes - 1, 0);
      this.#byId.delete(id);
      return undefined;
    }
    this.resumes += 1;
    session.lostAt = undefined;
    return { session, missed };
  }

  /** The close codes 1000 and 1001 end a session; any other leaves it to be resumed. */
  lose(session: Session, closeCode: number): void {
    session.send = undefined;
    session.lostAt = this.#clock.now();
    if (closeCode === 1000 || closeCode === 1001) this.#byId.delete(session.id);
  }

  forgetAll(): void {
    this.#byId.clear();
  }

  all(): Session[] {
    return [...this.#byId.values()];
  }
}
