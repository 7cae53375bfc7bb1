import { transcriptOf } from "../emulator/discord/transcript/transcript.ts";
import type { Channel } from "../emulator/discord/world/model.ts";
import type { World } from "../emulator/discord/world/world.ts";

/** Where a story is told: a terminal that repaints, or plain lines. */
export interface Screen {
  title(text: string): void;
  line(text: string): void;
  /** From now on this place is shown as it changes. */
  watch(channels: readonly Channel[]): void;
  /** The watched places as they ended. */
  rest(): void;
}

/** What a screen needs; `columns` and `rows` undefined: not a terminal. */
export interface ScreenOptions {
  readonly write: (text: string) => void;
  readonly world: World;
  readonly columns: number | undefined;
  readonly rows: number | undefined;
}

const REPAINT_MS = 60;
const BOLD = "\u001b[1m";
const DIM = "\u001b[2m";
const PLAIN = "\u001b[0m";

/** Text without the backslashes that keep signs from being Markdown: people do not see them. */
export function asRead(text: string): string {
  return text.replaceAll(/\\([_*~`|<>#-])/g, "$1");
}

/** On a terminal messages repaint as they are edited; elsewhere each place is printed once it rests. */
export function createScreen({ write, world, columns, rows }: ScreenOptions): Screen {
  const live = columns !== undefined && rows !== undefined;
  let watched: readonly Channel[] = [];
  let painted = 0;
  let timer: NodeJS.Timeout | undefined;

  const text = () => asRead(watched.map((channel) => transcriptOf(world, channel)).join("\n\n"));

  function erase(): void {
    if (painted > 0) write(`\u001b[${painted}A\u001b[0J`);
    painted = 0;
  }

  /** The newest lines that fit: a terminal cannot repaint what has scrolled away. */
  function repaint(): void {
    timer = undefined;
    if (!live) return;
    const width = Math.max(20, columns - 2);
    const lines = text()
      .split("\n")
      .map((line) => (line.length > width ? `${line.slice(0, width - 1)}…` : line));
    const shown = lines.slice(-(rows - 3));
    erase();
    write(`${shown.map((line) => `${DIM}│${PLAIN} ${line}\n`).join("")}`);
    painted = shown.length;
  }

  world.onChange((change) => {
    if (change.kind === "typing" || watched.length === 0) return;
    timer ??= setTimeout(repaint, REPAINT_MS);
  });

  return {
    title: (line) => write(live ? `\n${BOLD}${line}${PLAIN}\n` : `\n=== ${line}\n`),
    line: (line) => write(`${line}\n`),
    watch(channels) {
      watched = channels;
      painted = 0;
    },
    rest() {
      clearTimeout(timer);
      timer = undefined;
      erase();
      const ended = text();
      watched = [];
      if (ended !== "") write(`${ended.replaceAll(/^/gm, "  ")}\n`);
    },
  };
}
