import { codePointLength } from "./safe-text.ts";

/** Code points of all texts of one message of Components V2: Discord takes 4000, and a notice may be added. */
const MAX_TEXT = 3800;
/**
 * UTF-8 bytes of all texts and 12 for each: above about 10 kB Discord answers 500.
 *
 * @see https://github.com/discord/discord-api-docs/issues/8554
 */
const MAX_BYTES = 9200;
const BYTES_A_BLOCK = 12;
/** Of 40 components; the rest is for the container, files and controls. */
const MAX_BLOCKS = 20;

/** Code points that values may take, from generous to terse: the first one with which everything fits is used. */
const ROOMS = [600, 300, 150, 80, 50, 36, 24];

/** Whether Discord takes these texts in one message. */
function fits(blocks: readonly string[]): boolean {
  const text = blocks.reduce((sum, block) => sum + codePointLength(block), 0);
  const bytes = blocks.reduce((sum, block) => sum + Buffer.byteLength(block) + BYTES_A_BLOCK, 0);
  return blocks.length <= MAX_BLOCKS && text <= MAX_TEXT && bytes <= MAX_BYTES;
}

/** The most generous texts that fit; undefined: there is too much however short the values are. */
export function roomiest(blocksAt: (room: number) => readonly string[]): readonly string[] | undefined {
  for (const room of ROOMS) {
    const blocks = joined(blocksAt(room));
    if (fits(blocks)) return blocks;
  }
  return undefined;
}

/** As many of the lines as fit between head and tail; `more` tells of the rest. */
export function asManyAsFit(
  head: readonly string[],
  lines: readonly string[],
  tail: readonly string[],
  more: (left: number) => string,
): readonly string[] {
  let low = 0;
  let high = lines.length;
  const blocksOf = (count: number) => {
    const rest = lines.length - count;
    const shown = [...lines.slice(0, count), ...(rest > 0 ? [more(rest)] : [])];
    return [...head, ...(shown.length > 0 ? [shown.join("\n")] : []), ...tail];
  };
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (fits(blocksOf(middle))) low = middle;
    else high = middle - 1;
  }
  return blocksOf(low);
}

/** Blocks without empty ones; more than one message holds become lines of the last one. */
function joined(blocks: readonly string[]): readonly string[] {
  const filled = blocks.filter((block) => block.trim() !== "");
  if (filled.length <= MAX_BLOCKS) return filled;
  return [...filled.slice(0, MAX_BLOCKS - 1), filled.slice(MAX_BLOCKS - 1).join("\n")];
}
