import type { AgentEvent } from "../../conversation/agent.ts";

interface Segment {
  readonly id: string;
  /** Came as a status message: the artifact that repeats it is then the same text. */
  readonly status: boolean;
  text: string;
}

/**
 * Turns the ways in which agents send text into segments that hold each character once.
 *
 * 0.3: deltas, then the full message of the model turn (it replaces them), then the last full message again as an
 * artifact. 1.0: one artifact per model turn, appended to or replaced. Both run through one machine, because a
 * controller that translates speaks the second encoding with the sequence of the first.
 */
export class AnswerText {
  readonly #emit: (event: AgentEvent) => void;
  readonly #artifacts = new Map<string, Segment>();
  #count = 0;
  #live: Segment | undefined;
  #last: Segment | undefined;
  #gap = false;

  constructor(emit: (event: AgentEvent) => void) {
    this.#emit = emit;
  }

  /** What was written of a model turn that is not complete. */
  get unfinished(): string {
    return this.#live?.text ?? "";
  }

  /** Whether nothing was written. */
  get empty(): boolean {
    return this.#count === 0;
  }

  /** A piece of the model turn that is being written. */
  delta(text: string): void {
    if (this.#gap || text === "") return;
    this.#live ??= this.#open(true);
    this.#append(this.#live, text);
  }

  /** The whole text of that model turn. */
  full(text: string): void {
    if (text.trim() !== "") this.#finish(text);
    else if (this.#live) this.#replace(this.#live, "");
    this.#live = undefined;
  }

  /** Text of an artifact; without `append` it replaces what the artifact held. */
  artifact(id: string, text: string, append: boolean): void {
    if (text === "") return;
    const segment = this.#artifacts.get(id) ?? (append ? this.#open(false) : this.#introduce(text));
    this.#artifacts.set(id, segment);
    if (append) this.#append(segment, text);
    else this.#replace(segment, text);
    this.#last = segment;
  }

  /** Text that came with the end: new, or a repeat of the last one. */
  closing(text: string): void {
    if (this.#last?.text.trim() !== text.trim()) this.full(text);
  }

  /** Takes back a text that turned out to be the reason of the end. */
  retract(text: string): void {
    if (this.#last && text !== "" && this.#last.text === text) this.#replace(this.#last, "");
  }

  /** Events were missed: deltas mean nothing until the next full text. */
  interrupted(): void {
    this.#gap = true;
  }

  #finish(text: string): void {
    const segment = this.#continues(text) ?? this.#open(true);
    this.#gap = false;
    this.#replace(segment, text);
    this.#last = segment;
  }

  // After a gap the full text may belong to a later turn than the deltas that were shown.
  #continues(text: string): Segment | undefined {
    const live = this.#live;
    return live && (!this.#gap || text.startsWith(live.text)) ? live : undefined;
  }

  // The first sight of an artifact: the completion or repeat of what status messages said, or new text.
  #introduce(text: string): Segment {
    const live = this.#continues(text);
    if (live) this.#live = undefined;
    if (live) return live;
    const last = this.#last;
    return last?.status && text.startsWith(last.text) ? last : this.#open(false);
  }

  #open(status: boolean): Segment {
    const segment = { id: `t${this.#count}`, status, text: "" };
    this.#count += 1;
    return segment;
  }

  #append(segment: Segment, text: string): void {
    segment.text += text;
    this.#emit({ kind: "text", segment: segment.id, text, append: true });
  }

  #replace(segment: Segment, text: string): void {
    if (segment.text !== text) this.#emit({ kind: "text", segment: segment.id, text, append: false });
    segment.text = text;
  }
}
