/** What stands where somebody's words were. */
const GAP = "…";
/** So many characters in a row are no coincidence any more. */
const TELLING = 12;
/** Shorter texts are words that everybody uses; taken out, they would only tear sentences apart. */
const SHORTEST = 8;
const MOST_SAID = 1_000_000;
/** What comes after so many characters is left out unread. */
const LONGEST = 4_096;

/**
 * `text` without what only repeats `said`: servers like to quote the request they refuse, and a log must not have people's
 * words or the credentials of a request. Pieces of at least 12 characters go, also where JSON escapes them or the
 * quotation is cut. At most 4096 characters are looked at, the rest is dropped.
 */
export function withoutEcho(text: string, said: readonly string[]): string {
  const head = text.slice(0, LONGEST);
  const isEchoed = new Uint8Array(head.length);
  for (const one of said.flatMap(formsOf)) mark(head, one, isEchoed);
  // The beginning of a quotation that the cut has left too short to be known.
  if (text.length > LONGEST) isEchoed.fill(1, LONGEST - TELLING);
  return withGaps(head, isEchoed);
}

/** Every text of a JSON-like value, whatever it stands in; of bytes nothing. */
export function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null || ArrayBuffer.isView(value)) return [];
  return Object.values(value).flatMap(textsIn);
}

function formsOf(said: string): readonly string[] {
  // Whole files: nobody quotes them, and looking through them takes long.
  if (said.length < SHORTEST || said.length > MOST_SAID) return [];
  return [...new Set([said, JSON.stringify(said).slice(1, -1)])];
}

function mark(text: string, said: string, isEchoed: Uint8Array): void {
  const width = Math.min(said.length, TELLING);
  const pieces = piecesOf(text, width);
  for (let at = 0; at + width <= said.length; at += 1) {
    for (const start of pieces.get(said.slice(at, at + width)) ?? []) isEchoed.fill(1, start, start + width);
  }
}

/** Where each stretch of so many characters begins. */
function piecesOf(text: string, width: number): ReadonlyMap<string, readonly number[]> {
  const pieces = new Map<string, number[]>();
  for (let at = 0; at + width <= text.length; at += 1) {
    const piece = text.slice(at, at + width);
    const known = pieces.get(piece);
    if (known) known.push(at);
    else pieces.set(piece, [at]);
  }
  return pieces;
}

function withGaps(text: string, isEchoed: Uint8Array): string {
  let kept = "";
  for (let at = 0; at < text.length; at += 1) {
    if (isEchoed[at] === 0) kept += text[at];
    else if (isEchoed[at - 1] !== 1) kept += GAP;
  }
  return kept;
}
