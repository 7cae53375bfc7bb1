import { quotedText, visibleText } from "./exact-text.ts";

/** A JSON value that keeps what `JSON.parse` loses: numbers as they were written, every key, their order. */
export type JsonNode =
  /** A number, `true`, `false` or `null`, as written. */
  | { readonly kind: "plain"; readonly text: string }
  | { readonly kind: "string"; readonly value: string }
  | { readonly kind: "array"; readonly items: readonly JsonNode[] }
  | { readonly kind: "object"; readonly entries: readonly JsonEntry[] };

/** A key and its value; a key can come twice. */
interface JsonEntry {
  readonly key: string;
  readonly value: JsonNode;
}

const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"|[{}[\],:]|[^\s{}[\],:"]+/g;
/** Values nested deeper are left to the attached file. */
const MAX_DEPTH = 32;
/** More keys and values than one message could show, however short each is. */
const MAX_TOKENS = 20_000;

/** Reads a JSON text; undefined where it is none, is nested deeper than 32 levels, or has thousands of keys and values. */
export function readJson(text: string): JsonNode | undefined {
  const tokens = isJson(text) ? (text.match(TOKEN) ?? []) : [];
  return tokens.length > MAX_TOKENS ? undefined : treeOf(tokens);
}

/** The JSON text on indented lines, complete and unchanged in meaning, with nothing invisible in it. */
export function wholeJson(text: string): string {
  if (!isJson(text)) return quotedText(text);
  let depth = 0;
  let before = "";
  const pieces = (text.match(TOKEN) ?? []).map((token) => {
    const closes = token === "}" || token === "]";
    if (closes) depth--;
    const startsLine = closes ? !opens(before) : before === "," || opens(before);
    const lead = startsLine ? `\n${"  ".repeat(Math.min(depth, MAX_DEPTH))}` : "";
    if (opens(token)) depth++;
    before = token;
    return lead + (token === ":" ? ": " : visibleText(token));
  });
  return pieces.join("");
}

function opens(token: string): boolean {
  return token === "{" || token === "[";
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** A container that is still being read. */
interface Open {
  readonly node: { kind: "array"; items: JsonNode[] } | { kind: "object"; entries: JsonEntry[] };
  key: string | undefined;
}

/** With a stack of its own, so that no nesting overflows ours. */
function treeOf(tokens: readonly string[]): JsonNode | undefined {
  const stack: Open[] = [];
  for (const token of tokens) {
    if (token === "," || token === ":") continue;
    const top = stack.at(-1);
    if (opens(token)) {
      if (stack.length === MAX_DEPTH) return undefined;
      const node =
        token === "{" ? { kind: "object" as const, entries: [] } : { kind: "array" as const, items: [] };
      stack.push({ node, key: undefined });
      continue;
    }
    const isEnd = token === "}" || token === "]";
    if (isEnd) stack.pop();
    const holder = isEnd ? stack.at(-1) : top;
    const value = isEnd && top ? top.node : leafOf(token);
    if (!holder) return value;
    if (holder.node.kind === "object" && holder.key === undefined) holder.key = stringOf(token);
    else place(holder, value);
  }
  return undefined;
}

function place(holder: Open, value: JsonNode): void {
  const { node, key } = holder;
  if (node.kind === "array") node.items.push(value);
  else node.entries.push({ key: key ?? "", value });
  holder.key = undefined;
}

function leafOf(token: string): JsonNode {
  return token.startsWith('"') ? { kind: "string", value: stringOf(token) } : { kind: "plain", text: token };
}

function stringOf(token: string): string {
  const value: unknown = JSON.parse(token);
  return typeof value === "string" ? value : token;
}
