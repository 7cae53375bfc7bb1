import type { JsonObject } from "../json.ts";

const KEPT_EVENTS = 1000;

/** A gateway session: it outlives its connections, and what was said is kept for a RESUME. */
export class Session {
  readonly id: string;
  readonly intents: number;
  readonly shard: readonly [number, number];
  /** Sends one text to the connection that holds the session; missing while there is none. */
  send: ((text: string) => void) | undefined;
  /** When the connection was lost (ms). */
  lostAt: number | undefined;
  #sequence = 0;
  readonly #kept: { readonly sequence: number; readonly text: string }[] = [];

  constructor(id: string, intents: number, shard: readonly [number, number]) {
    this.id = id;
    this.intents = intents;
    this.shard = shard;
  }

  dispatch(name: string, data: JsonObject, deliver: boolean): void {
    this.#sequence += 1;
    const text = JSON.stringify({ op: 0, t: name, s: this.#sequence, d: data });
    this.#kept.push({ sequence: this.#sequence, text });
    if (this.#kept.length > KEPT_EVENTS) this.#kept.shift();
    if (deliver) this.send?.(text);
  }

  /** The events after `sequence`; undefined when they are not known any more, or not yet. */
  since(sequence: number): readonly string[] | undefined {
    if (sequence > this.#sequence) return undefined;
    const oldest = this.#kept[0]?.sequence ?? this.#sequence + 1;
    if (sequence + 1 < oldest) return undefined;
    return this.#kept.filter((event) => event.sequence > sequence).map((event) => event.text);
  }

  /** True for the shard that hears of this guild; direct messages go to shard 0. */
  hears(guildId: string | undefined): boolean {
    const [own, all] = this.shard;
    return guildId === undefined ? own === 0 : Number((BigInt(guildId) >> 22n) % BigInt(all)) === own;
  }
}
