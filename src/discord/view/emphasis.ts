/** A run of emphasis characters in one line of text. */
export interface Delimiter {
  readonly kind: "delimiter";
  readonly text: string;
  readonly opens: boolean;
  readonly closes: boolean;
  /** The characters around it; empty at the ends of the line. */
  readonly before: string;
  readonly after: string;
}

/** Reads the run of `*`, `_` or `~` at `at`, by the flanking rules of CommonMark 6.2. */
export function readDelimiter(source: string, at: number): Delimiter {
  const character = source.charAt(at);
  let end = at + 1;
  while (source.charAt(end) === character) end++;
  const before = source.charAt(at - 1);
  const after = source.charAt(end);
  const text = source.slice(at, end);
  const usable = character === "~" ? text.length === 2 : text.length <= 3;
  const left = usable && flanks(after, before);
  const right = usable && flanks(before, after);
  const inWord = character === "_";
  return {
    kind: "delimiter",
    text,
    opens: left && !(inWord && isWord(before)),
    closes: right && !(inWord && isWord(after)),
    before,
    after,
  };
}

/**
 * Which delimiter closes which: a map from each matched index to its partner. Where `growing`, openers that are still
 * without a partner are listed in `open`, outermost first.
 */
export interface Pairs {
  readonly partner: ReadonlyMap<number, number>;
  readonly open: readonly number[];
}

/** Pairs the delimiters of one line in linear time; `undefined` entries are anything else. */
export function pairDelimiters(items: readonly (Delimiter | undefined)[]): Pairs {
  const partner = new Map<number, number>();
  const stack: number[] = [];
  const waiting = new Map<string, number>();
  const count = (text: string, by: number) => waiting.set(text, (waiting.get(text) ?? 0) + by);
  items.forEach((item, index) => {
    if (!item) return;
    if (item.closes && (waiting.get(item.text) ?? 0) > 0) {
      const opener = popTo(stack, items, item.text, count);
      partner.set(opener, index).set(index, opener);
    } else if (item.opens) {
      stack.push(index);
      count(item.text, 1);
    }
  });
  return { partner, open: stack };
}

function popTo(
  stack: number[],
  items: readonly (Delimiter | undefined)[],
  text: string,
  count: (text: string, by: number) => void,
): number {
  for (let index = stack.pop(); index !== undefined; index = stack.pop()) {
    const popped = items[index]?.text ?? "";
    count(popped, -1);
    if (popped === text) return index;
  }
  return -1;
}

function flanks(inner: string, outer: string): boolean {
  if (isSpace(inner)) return false;
  return !isPunctuation(inner) || isSpace(outer) || isPunctuation(outer);
}

function isSpace(character: string): boolean {
  return character === "" || /\s/.test(character);
}

function isPunctuation(character: string): boolean {
  return /[\p{P}\p{S}]/u.test(character);
}

function isWord(character: string): boolean {
  return /[\p{L}\p{N}_]/u.test(character);
}
