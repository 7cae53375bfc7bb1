import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** What somebody types, line by line. */
export interface Lines {
  /** The next line; undefined at the end of input. */
  next(): Promise<string | undefined>;
  /** The line that `next` will give at once, if there is one. */
  peek(): string | undefined;
  /** Resolves when a line arrives from now on; the end of input is none. */
  arrival(): Promise<void>;
  /** Invites the next line. */
  prompt(text: string): void;
  /** Draws the invitation again, with what is typed so far: something was written over it. */
  redraw(): void;
  close(): void;
}

/** Lines of `input`; `terminal`: where the input is a keyboard, what it types on. */
export function createLines(input: Readable, terminal: Writable | undefined): Lines {
  const reader = createInterface({
    input,
    crlfDelay: Number.POSITIVE_INFINITY,
    ...(terminal ? { output: terminal, terminal: true } : {}),
  });
  const waiting: string[] = [];
  let ended = false;
  let heard: (() => void)[] = [];
  let arrived: (() => void)[] = [];

  function wake(listeners: readonly (() => void)[]): void {
    for (const listener of listeners) listener();
  }

  reader.on("line", (line) => {
    waiting.push(line);
    const listeners = [...heard, ...arrived];
    heard = [];
    arrived = [];
    wake(listeners);
  });
  reader.on("close", () => {
    ended = true;
    wake(heard);
  });

  return {
    async next() {
      while (waiting.length === 0 && !ended) await new Promise<void>((resolve) => heard.push(resolve));
      return waiting.shift();
    },
    peek: () => waiting[0],
    arrival: () => new Promise<void>((resolve) => arrived.push(resolve)),
    prompt(text) {
      reader.setPrompt(text);
      if (terminal) reader.prompt(true);
    },
    redraw() {
      if (terminal && !ended) reader.prompt(true);
    },
    close: () => reader.close(),
  };
}
