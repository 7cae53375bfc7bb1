import { parseAllDocuments } from "yaml";
import { countText } from "./amounts.ts";
import { quotedText } from "./exact-text.ts";
import type { JsonNode } from "./json-text.ts";
import { shorten } from "./safe-text.ts";

/** UTF-16 units of manifests that one reader reads: it takes time on the one thread that serves everybody. */
const MAX_READ = 100_000;
/** Manifests of one text that are named; the rest is counted. */
const MAX_NAMED = 200;
const MAX_PART = 80;
const UNREADABLE = "a manifest that cannot be read";
const LOOKS_LIKE = /(?:^|[\n{,])\s*["']?kind["']?\s*:/;

/** Names the Kubernetes manifests in the arguments of one operation after the other. */
export type ManifestReader = (node: JsonNode) => readonly string[];

/**
 * A reader that gives `kind/namespace/name` of every manifest that stands as YAML or JSON inside a text of the arguments;
 * `-` for a namespace that is not said. A manifest that cannot be read is named as such, as is all beyond 100,000 characters.
 */
export function createManifestReader(): ManifestReader {
  let left = MAX_READ;

  function read(text: string): readonly string[] {
    if (!LOOKS_LIKE.test(text)) return [];
    if (text.length > left)
      return [`a manifest of ${countText(text.length, "character")}, too long to be read here`];
    left -= text.length;
    return manifestsOf(text);
  }

  return function manifestsIn(node): readonly string[] {
    if (node.kind === "plain") return [];
    if (node.kind === "string") return read(node.value);
    if (node.kind === "array") return node.items.flatMap(manifestsIn);
    return node.entries.flatMap(({ value }) => manifestsIn(value));
  };
}

function manifestsOf(text: string): readonly string[] {
  try {
    const documents = parseAllDocuments(text, { logLevel: "silent", prettyErrors: false });
    const names = documents.flatMap((document) =>
      document.errors.length > 0 ? [UNREADABLE] : namesOf(document.toJS({ maxAliasCount: 100 })),
    );
    const more = names.length - MAX_NAMED;
    return more > 0 ? [...names.slice(0, MAX_NAMED), countText(more, "further manifest")] : names;
  } catch {
    return [UNREADABLE];
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
