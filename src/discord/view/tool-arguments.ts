import { oneLine, shorten } from "./safe-text.ts";

const KINDS = ["resource_type", "resourceType", "resource_kind", "kind", "type"];
const NAMES = ["resource_name", "resourceName", "pod_name", "release_name", "name", "resource"];
const NAMESPACES = ["namespace", "ns"];
/** What a tool was asked, where it takes a sentence or a query. */
const TEXTS = [
  "request",
  "query",
  "promql",
  "expression",
  "question",
  "prompt",
  "command",
  "url",
  "message",
  "text",
];
const SECRET = /secret|token|passw|credential|api_?key|auth/i;
/** Code points of one shown value. */
const MAX_VALUE = 40;

/**
 * What a tool call is about, from its arguments as JSON text: `pods/checkout in shop`, a query, or else its first
 * plain argument. Not yet safe for Discord. Arguments that may hold secrets are never shown.
 */
export function tellingArguments(json: string): string {
  const values = readArguments(json);
  const first = (keys: readonly string[]) => keys.flatMap((key) => values.get(key) ?? [])[0];
  const target = [first(KINDS), first(NAMES)].filter((part) => part !== undefined).join("/");
  const namespace = first(NAMESPACES);
  const where = namespace === undefined ? "" : `in ${namespace}`;
  const subject = target || (first(TEXTS) ?? "");
  const other = subject || where ? "" : ([...values.values()][0] ?? "");
  return [subject || other, where].filter((part) => part !== "").join(" ");
}

/** The plain, harmless arguments by name, shortened. */
function readArguments(json: string): ReadonlyMap<string, string> {
  const values = new Map<string, string>();
  for (const [key, value] of Object.entries(parsed(json))) {
    const isPlain = typeof value === "string" || typeof value === "number" || typeof value === "boolean";
    const text = isPlain ? oneLine(String(value)) : "";
    if (text !== "" && !SECRET.test(key)) values.set(key, shorten(text, MAX_VALUE));
  }
  return values;
}

function parsed(json: string): object {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === "object" && value !== null ? value : {};
  } catch {
    return {};
  }
}
