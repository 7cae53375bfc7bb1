import { isAlias, isMap, isSeq, LineCounter, type Node, parseDocument } from "yaml";
import { z } from "zod";
import { toSentence } from "./issue.ts";
import type { ConfigProblem } from "./problem.ts";
import { type FileConfig, fileSchema } from "./schema.ts";
import { suggestion } from "./suggestion.ts";

type Path = readonly PropertyKey[];

/** A configuration file: what could be read of it, and where things stand. */
export interface ConfigFile {
  readonly config: FileConfig;
  /** Sections with mistakes; they are missing in `config`, so nothing may be concluded from their absence. */
  readonly broken: ReadonlySet<string>;
  readonly problems: readonly ConfigProblem[];
  /** A problem at a place of the file. */
  problemAt(path: Path, sentence: string): ConfigProblem;
}

/** Reads the YAML text of a configuration file; the empty text is one that says nothing. Never throws: mistakes are in `problems`. */
export function readConfigFile(text: string): ConfigFile {
  const lines = new LineCounter();
  // Discord's ids are larger than JavaScript's exact integers, and people write them without quotes.
  const document = parseDocument(text, { intAsBigInt: true, lineCounter: lines });
  const problemAt = (path: Path, sentence: string, key?: string): ConfigProblem => {
    const offset = offsetOf(document.contents, path, key) ?? 0;
    const { line, col } = lines.linePos(offset);
    return {
      source: "file",
      path: pathText(key === undefined ? path : [...path, key]),
      line,
      column: col,
      sentence,
    };
  };
  if (document.errors.length > 0) {
    const problems = document.errors.map((error): ConfigProblem => {
      const { line, col } = lines.linePos(error.pos[0]);
      return { source: "file", path: "", line, column: col, sentence: yamlSentence(error.message) };
    });
    return { config: {}, broken: new Set(Object.keys(fileSchema.shape)), problems, problemAt };
  }
  return checked(withExactIntegers(document.toJS() ?? {}), problemAt);
}

function checked(
  raw: unknown,
  problemAt: (path: Path, sentence: string, key?: string) => ConfigProblem,
): ConfigFile {
  const result = fileSchema.safeParse(raw, { error: toSentence });
  if (result.success) return { config: result.data, broken: new Set(), problems: [], problemAt };
  const problems = result.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys"
      ? issue.keys.map((key) => problemAt(issue.path, unknownKey(key, keysAt(issue.path)), key))
      : [
          problemAt(
            issue.path,
            issue.code === "invalid_key" ? (issue.issues[0]?.message ?? "") : issue.message,
          ),
        ],
  );
  const broken = new Set(result.error.issues.flatMap(sectionsOf));
  const sound = Object.entries(isRecord(raw) ? raw : {}).filter(([section]) => !broken.has(section));
  const rest = fileSchema.safeParse(Object.fromEntries(sound));
  return { config: rest.success ? rest.data : {}, broken, problems, problemAt };
}

function sectionsOf(issue: z.core.$ZodIssue): readonly string[] {
  if (issue.path.length > 0) return [String(issue.path[0])];
  return issue.code === "unrecognized_keys" ? issue.keys : Object.keys(fileSchema.shape);
}

function unknownKey(key: string, known: readonly string[]): string {
  const list = known.length > 0 && known.length <= 12 ? ` Known: ${known.join(", ")}.` : "";
  return `There is no “${key}” here.${suggestion(key, known) || list}`;
}

const jsonNode = z.object({
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  propertyNames: z.object({ enum: z.array(z.string()).optional() }).optional(),
});

/** The names that the schema has at a place. */
function keysAt(path: Path): readonly string[] {
  let node = jsonNode.parse(z.toJSONSchema(fileSchema, { io: "input" }));
  for (const step of path) {
    node = jsonNode.parse((typeof step === "number" ? node.items : node.properties?.[String(step)]) ?? {});
  }
  return Object.keys(node.properties ?? {}).concat(node.propertyNames?.enum ?? []);
}

/** Where the value (or its `key`) stands; the nearest thing around it when it is missing. */
function offsetOf(start: Node | null, path: Path, key?: string): number | undefined {
  let node: unknown = start;
  let offset = start?.range?.[0];
  for (const step of key === undefined ? path : [...path, key]) {
    const pair = isMap(node) ? node.items.find((item) => String(item.key) === String(step)) : undefined;
    node = isSeq(node) ? node.items[Number(step)] : pair?.value;
    offset =
      rangeStart(key !== undefined && step === key ? pair?.key : node) ?? rangeStart(pair?.key) ?? offset;
    if (isAlias(node)) return offset;
  }
  return offset;
}

function rangeStart(node: unknown): number | undefined {
  return z.object({ range: z.tuple([z.number()], z.number()) }).safeParse(node).data?.range[0];
}

function withExactIntegers(value: unknown): unknown {
  if (typeof value === "bigint") return Number.isSafeInteger(Number(value)) ? Number(value) : String(value);
  if (Array.isArray(value)) return value.map(withExactIntegers);
  if (!isRecord(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, withExactIntegers(part)]));
}

function pathText(path: Path): string {
  return path.reduce<string>((text, step) => {
    if (typeof step === "number") return `${text}[${step}]`;
    return text === "" ? String(step) : `${text}.${String(step)}`;
  }, "");
}

/** The parser's message without its drawing of the line. */
function yamlSentence(message: string): string {
  const [first = message] = message.split(/ at line \d+/);
  return `This is not valid YAML: ${first}.`;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
