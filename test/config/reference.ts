import { z } from "zod";
import { jsonSchema } from "../../src/config/json-schema.ts";
import { VARIABLES, type Variable } from "../../src/config/variables.ts";

const node = z.object({
  type: z.string().optional(),
  description: z.string().optional(),
  default: z.unknown().optional(),
  enum: z.array(z.string()).optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  required: z.array(z.string()).optional(),
  properties: z.record(z.string(), z.unknown()).optional(),
  items: z.unknown().optional(),
  anyOf: z.array(z.unknown()).optional(),
});
type SchemaNode = z.output<typeof node>;

/** The table of environment variables, as Markdown. */
export function variableTable(): string {
  const variables: readonly Variable[] = VARIABLES;
  const rows = variables.map(({ name, what, fallback, example, secret }) => {
    const value =
      fallback === undefined ? (example === undefined ? "" : `such as ${code(example)}`) : code(fallback);
    return `| ${code(name)}${secret ? " 🔒" : ""} | ${what} | ${value} |`;
  });
  return ["| variable | what it is for | default, or an example |", "|---|---|---|", ...rows].join("\n");
}

/** One table for each section of the file, as Markdown. */
export function fileTables(): string {
  const root = node.parse(jsonSchema());
  return Object.entries(root.properties ?? {})
    .map(([name, raw]) => section(name, node.parse(raw)))
    .filter((text) => text !== "")
    .join("\n\n");
}

/** `.env.example`: every variable, commented out unless it is needed. */
export function envExample(): string {
  const variables: readonly Variable[] = VARIABLES;
  const blocks = variables.map(({ name, what, fallback, example, secret }) => {
    const line = `${name}=${fallback ?? example ?? ""}`;
    const file = secret ? ` Or ${name}_FILE: the path of a file that holds it.` : "";
    const needed = name === "DISCORD_BOT_TOKEN" || name === "KAGENT_BASE_URL";
    return `# ${what.replaceAll("`", "")}${file}\n${needed ? line : `# ${line}`}\n`;
  });
  return `# Copy to .env and fill in; docs/configuration.md explains. <CLUSTER> is a cluster's name: eu-west → EU_WEST.\n\n${blocks.join("\n")}`;
}

/** The document with the text between `<!-- name -->` and `<!-- /name -->` replaced. */
export function withGenerated(document: string, name: string, text: string): string {
  const marks = new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- /${name} -->)`);
  if (!marks.test(document)) throw new Error(`the document has no place for ${name}`);
  return document.replace(marks, (_all, before: string, after: string) => `${before}\n${text}\n${after}`);
}

function section(name: string, part: SchemaNode): string {
  const list = part.items === undefined ? undefined : node.parse(part.items);
  const keys = rows("", list ?? part);
  if (keys.length === 0) return "";
  const title = list ? `### \`${name}\` (a list)` : `### \`${name}\``;
  return [title, "", "| key | what it is for | values | default |", "|---|---|---|---|", ...keys].join("\n");
}

function rows(prefix: string, part: SchemaNode): readonly string[] {
  return Object.entries(part.properties ?? {}).flatMap(([name, raw]) => {
    const child = node.parse(raw);
    const inner = child.items === undefined ? child : node.parse(child.items);
    const path = `${prefix}${name}${child.items === undefined || !inner.properties ? "" : "[]"}`;
    const needed = part.required?.includes(name) ? " (required)" : "";
    const own = `| ${code(path)}${needed} | ${child.description ?? ""} | ${values(child)} | ${fallback(child)} |`;
    if (inner.properties) return [...(child.description ? [own] : []), ...rows(`${path}.`, inner)];
    return [own];
  });
}

function values(part: SchemaNode): string {
  if (part.enum) return part.enum.length > 8 ? "a Discord locale" : part.enum.map(code).join(", ");
  if (part.minimum !== undefined) return `${part.minimum} … ${part.maximum}`;
  if (part.anyOf) return "id";
  if (part.type === "array") {
    const item = node.parse(part.items);
    return item.properties ? "list" : `list of ${values(item)}`;
  }
  if (part.properties) return "";
  return { boolean: "`true`, `false`", string: "text", object: "by name" }[part.type ?? ""] ?? "";
}

function fallback(part: SchemaNode): string {
  return part.default === undefined ? "" : code(String(part.default));
}

function code(text: string): string {
  return `\`${text}\``;
}
