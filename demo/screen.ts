import { transcriptOf } from "../emulator/discord/transcript/transcript.ts";
import type { Channel, User } from "../emulator/discord/world/model.ts";
import type { World } from "../emulator/discord/world/world.ts";

/** Where a story is told: a terminal that repaints, or plain lines. */
export interface Screen {
  title(text: string): void;
  line(text: string): void;
  /** From now on these places are shown as they change: what everybody sees, or `as` sees. `below` draws what stands below. */
  watch(channels: readonly Channel[], as?: { readonly user: User }, below?: () => void): void;
  /** The watched places as they ended. */
  rest(): void;
  /** Leaves the watched places as they are shown. */
  leave(): void;
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
  let eyes: { readonly as?: { readonly user: User } } = {};
  let drawBelow = () => {};
  let painted = 0;
  let timer: NodeJS.Timeout | undefined;

  const text = () => asRead(watched.map((channel) => transcriptOf(world, channel, eyes)).join("\n\n"));

  function erase(): void {
    if (live) write(`\r${painted > 0 ? `\u001b[${painted}A` : ""}\u001b[0J`);
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
    drawBelow();
  }

  function forget(): void {
    clearTimeout(timer);
    timer = undefined;
    watched = [];
    painted = 0;
  }

  world.onChange((change) => {
    if (change.kind === "typing" || watched.length === 0) return;
    timer ??= setTimeout(repaint, REPAINT_MS);
  });

  return {
    title: (line) => write(live ? `\n${BOLD}${line}${PLAIN}\n` : `\n=== ${line}\n`),
    line: (line) => write(`${line}\n`),
    watch(channels, as, below = () => {}) {
      watched = channels;
      eyes = as ? { as } : {};
      drawBelow = below;
      painted = 0;
    },
    leave: forget,
    rest() {
      erase();
      const ended = text();
      forget();
      if (ended !== "") write(`${ended.replaceAll(/^/gm, "  ")}\n`);
    },
  };
}
