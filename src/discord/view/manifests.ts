import { parseAllDocuments } from "yaml";
import { countText } from "./amounts.ts";
import { quotedText } from "./exact-text.ts";
import type { JsonNode } from "./json-text.ts";
import { shorten } from "./safe-text.ts";

/** UTF-16 units of a manifest that is still read: reading takes time on the one thread that serves everybody. */
const MAX_READ = 100_000;
/** Manifests of one text that are named; the rest is counted. */
const MAX_NAMED = 200;
const MAX_PART = 80;
const LOOKS_LIKE = /(?:^|[\n{,])\s*["']?kind["']?\s*:/;

/**
 * `kind/namespace/name` of every Kubernetes manifest that stands as YAML or JSON inside a text of the arguments; `-` for
 * a namespace that is not said. A manifest that cannot be read is named as such.
 */
export function manifestsIn(node: JsonNode): readonly string[] {
  switch (node.kind) {
    case "plain":
      return [];
    case "string":
      return LOOKS_LIKE.test(node.value) ? manifestsOf(node.value) : [];
    case "array":
      return node.items.flatMap(manifestsIn);
    case "object":
      return node.entries.flatMap(({ value }) => manifestsIn(value));
  }
}

function manifestsOf(text: string): readonly string[] {
  if (text.length > MAX_READ)
    return [`a manifest of ${countText(text.length, "character")}, too long to be read here`];
  try {
    const documents = parseAllDocuments(text, { logLevel: "silent", prettyErrors: false });
    const names = documents.flatMap((document) =>
      document.errors.length > 0
        ? ["a manifest that cannot be read"]
        : namesOf(document.toJS({ maxAliasCount: 100 })),
    );
    const more = names.length - MAX_NAMED;
    return more > 0 ? [...names.slice(0, MAX_NAMED), `${countText(more, "further manifest")}`] : names;
  } catch {
    return ["a manifest that cannot be read"];
  }
}

function namesOf(value: unknown): readonly string[] {
  if (Array.isArray(value)) return value.flatMap(namesOf);
  const kind = field(value, "kind");
  if (kind === undefined) return [];
  const items = field(value, "items");
  if (Array.isArray(items) && items.length > 0) return items.flatMap(namesOf);
  const metadata = field(value, "metadata");
  const generated = field(metadata, "generateName");
  const name = field(metadata, "name") ?? (generated === undefined ? undefined : `${String(generated)}…`);
  return [[kind, field(metadata, "namespace") ?? "-", name ?? "?"].map(partText).join("/")];
}

function partText(value: unknown): string {
  const text = typeof value === "string" ? value : (JSON.stringify(value) ?? "?");
  return /^[\w.:…?-]{1,80}$/.test(text) ? text : quotedText(shorten(text, MAX_PART));
}

function field(value: unknown, name: string): unknown {
  return typeof value === "object" && value !== null && Object.hasOwn(value, name)
    ? Reflect.get(value, name)
    : undefined;
}
