/**
 * Characters that can disguise text. Joiners (U+200C, U+200D) and variation selectors are not among them: languages
 * and emoji need those, as flags of regions need tag characters behind U+1F3F4; U+200B between backticks is our own.
 */
const UNSAFE =
  /\u{1f3f4}[\u{e0020}-\u{e007e}]{1,16}\u{e007f}|[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u061c\u180e\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\ufff9-\ufffb\u{e0000}-\u{e007f}]|(?<!`)\u200b|\u200b(?!\\?`)/u;
const ALL_UNSAFE = new RegExp(UNSAFE, "gu");
const URL_OR_MARKUP = /https?:\/\/[^\s<>()[\]*`|\\]+|[\\*_~`|<[\]]/g;
const ZERO_WIDTH_SPACE = "\u200b";

/**
 * The text with nothing in it that hides or reorders other text: control characters and bidirectional embeddings,
 * overrides and isolates become visible (`\u202e`), other invisible format characters go, line ends become `\n`.
 */
export function cleanText(text: string): string {
  if (!UNSAFE.test(text)) return text;
  return text.replaceAll(/\r\n?/g, "\n").replace(ALL_UNSAFE, replacement);
}

/** `cleanText` without the visible stand-ins: for names, where an escape would be noise. */
export function stripUnsafe(text: string): string {
  return text.replace(ALL_UNSAFE, (found) => (found.startsWith("\u{1f3f4}") ? found : ""));
}

/** On one line, with single spaces and no unsafe characters. */
export function oneLine(text: string): string {
  return cleanText(text).replaceAll(/\s+/g, " ").trim();
}

/** One line of foreign text in which no markup works and nothing looks like a mention; addresses stay whole. */
export function safeInline(text: string): string {
  const escaped = oneLine(text).replaceAll(URL_OR_MARKUP, (found) =>
    found.length > 1 ? found : `\\${found}`,
  );
  return withoutMassMentions(escaped.replace(/^(\d*)([-+#>.)])(?=[ #>])/, "$1\\$2"));
}

/** A person's text on one line of at most `max` code points, safe to repeat in public. */
export function quotePrompt(text: string, max: number): string {
  return safeInline(shorten(oneLine(text), max)) || "…";
}

/** `@everyone` and `@here` with an invisible break, so that they do not even look like a ping. */
function withoutMassMentions(text: string): string {
  return text.replaceAll(/@(?=everyone|here)/g, `@${ZERO_WIDTH_SPACE}`);
}

/** Discord ends a code block at any three backticks, so longer runs get an invisible break between their characters. */
export function breakBacktickRuns(code: string, longest = 2): string {
  if (!code.includes("`".repeat(longest + 1))) return code;
  return code.replaceAll(/`+/g, (run) => (run.length > longest ? run.split("").join(ZERO_WIDTH_SPACE) : run));
}

/** A fenced block of at most `max` code points of content, shortened with an ellipsis. */
export function codeBlock(text: string, language: string, max: number): string {
  const body = shorten(breakBacktickRuns(cleanText(text)).trim(), max);
  return `\`\`\`${isLanguage(language) ? language : ""}\n${body === "" ? " " : body}\n\`\`\``;
}

/** What Discord takes for the language of a code block; longer ones are not worth repeating in each message. */
export function isLanguage(text: string): boolean {
  return /^[A-Za-z0-9_+.#-]{1,20}$/.test(text);
}

/** Length in Unicode code points: what Discord counts (discord-api-docs#1315). */
export function codePointLength(text: string): number {
  let length = text.length;
  for (let index = 0; index < text.length; index++) if (isPairAt(text, index)) length--;
  return length;
}

/** The UTF-16 index `count` code points after `from`, at most the end of the text. */
export function indexAfter(text: string, from: number, count: number): number {
  let index = from;
  for (let left = count; left > 0 && index < text.length; left--) index += isPairAt(text, index) ? 2 : 1;
  return index;
}

/** At most `max` code points, cut at a word where one is near, with an ellipsis. */
export function shorten(text: string, max: number): string {
  if (text.length <= max || codePointLength(text) <= max) return text;
  const end = clusterStart(text, indexAfter(text, 0, Math.max(0, max - 1)));
  const space = text.lastIndexOf(" ", end);
  return `${text.slice(0, space > end - 20 && space > 0 ? space : end).trimEnd()}…`;
}

/** The start of the grapheme cluster that `index` would cut, or `index` where it cuts none (or a hostile giant). */
export function clusterStart(text: string, index: number): number {
  const from = Math.max(0, index - 64);
  const start = isPairAt(text, from - 1) ? from + 1 : from;
  const found = new Intl.Segmenter().segment(text.slice(start, index + 32)).containing(index - start);
  return found && found.index > 0 ? start + found.index : index;
}

function isPairAt(text: string, index: number): boolean {
  return (text.charCodeAt(index) & 0xfc00) === 0xd800 && (text.charCodeAt(index + 1) & 0xfc00) === 0xdc00;
}

function replacement(found: string): string {
  const code = found.codePointAt(0) ?? 0;
  if (code === 0x1f3f4) return found;
  if (code === 0x2028 || code === 0x2029) return "\n";
  if (code >= 0xd800 && code <= 0xdfff) return "\ufffd";
  const visible = code < 0xa0 || (code >= 0x202a && code <= 0x202e) || (code >= 0x2066 && code <= 0x2069);
  return visible ? `\\u${code.toString(16).padStart(4, "0")}` : "";
}
