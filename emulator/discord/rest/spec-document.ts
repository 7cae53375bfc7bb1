import { readFileSync } from "node:fs";
import {
  isList,
  isObject,
  type Json,
  type JsonObject,
  listAt,
  objectAt,
  parseJson,
  textAt,
} from "../json.ts";

/** Fields that Discord takes though its description leaves them out; discord.js always sends the first three. */
const toleratedFields: Readonly<Record<string, readonly string[]>> = {
  content: ["tts", "nonce", "enforce_nonce"],
  auto_archive_duration: ["type"],
  max_values: ["file_types"],
};

/** Reads the vendored description. Throws when the file is missing or damaged. */
export function readDescription(): JsonObject {
  const document = parseJson(readFileSync(new URL("../spec/openapi.json", import.meta.url), "utf8"));
  if (!isObject(document)) throw new Error("spec/openapi.json is not an OpenAPI document");
  return document;
}

/**
 * The description as a JSON Schema validator can use it for requests: unions told apart by `type` give one useful error
 * instead of one per branch, unknown fields are mistakes, permission bits may be strings.
 */
export function toRequestSchema(document: JsonObject): JsonObject {
  return rewrite(document, document, true);
}

/** The same for answers, where additional fields are welcome. */
export function toResponseSchema(document: JsonObject): JsonObject {
  return rewrite(document, document, false);
}

function rewrite(node: JsonObject, document: JsonObject, closed: boolean): JsonObject {
  const members = Object.entries(node).flatMap(([key, value]) => {
    // An empty enum cannot be compiled and says nothing.
    if (key === "enum" && isList(value) && value.length === 0) return [];
    return [[key, rewriteValue(value, document, closed)] as const];
  });
  return withPermissionBits(closeObject(tagUnion(Object.fromEntries(members), document), closed));
}

function rewriteValue(value: Json | undefined, document: JsonObject, closed: boolean): Json | undefined {
  if (isList(value)) return value.map((entry) => rewriteValue(entry, document, closed) ?? null);
  return isObject(value) ? rewrite(value, document, closed) : value;
}

function tagUnion(schema: JsonObject, document: JsonObject): JsonObject {
  const key = schema.oneOf === undefined ? "anyOf" : "oneOf";
  const branches = (listAt(schema, key) ?? []).filter(isObject);
  const tags = branches.map((branch) => tagsOf(branch, document));
  if (branches.length < 2 || tags.some((tag) => tag === undefined)) return schema;
  const { [key]: _, ...rest } = schema;
  return {
    ...rest,
    type: "object",
    required: ["type"],
    properties: { type: { enum: [...new Set(tags.flatMap((tag) => tag ?? []))] } },
    allOf: branches.map((branch, index) => ({
      if: { properties: { type: { enum: tags[index] ?? [] } }, required: ["type"] },
      // biome-ignore lint/suspicious/noThenProperty: JSON Schema's own keyword.
      then: branch,
    })),
  };
}

/** The values of `type` that tell a branch from the others. */
function tagsOf(branch: JsonObject, document: JsonObject): readonly Json[] | undefined {
  const name = textAt(branch, "$ref")?.replace("#/components/schemas/", "");
  const schemas = objectAt(objectAt(document, "components") ?? {}, "schemas") ?? {};
  const schema = name === undefined ? branch : objectAt(schemas, name);
  const type = objectAt(objectAt(schema ?? {}, "properties") ?? {}, "type");
  const isRequired = listAt(schema ?? {}, "required")?.includes("type") === true;
  return type && isRequired ? listAt(type, "enum") : undefined;
}

function closeObject(schema: JsonObject, closed: boolean): JsonObject {
  const properties = objectAt(schema, "properties");
  if (!closed || !properties || schema.type !== "object") return schema;
  if (schema.additionalProperties !== undefined || schema.allOf !== undefined) return schema;
  const tolerated = Object.entries(toleratedFields)
    .filter(([field]) => field in properties)
    .flatMap(([, names]) => names.filter((name) => !(name in properties)))
    .map((name) => [name, true] as const);
  return {
    ...schema,
    properties: { ...properties, ...Object.fromEntries(tolerated) },
    additionalProperties: false,
  };
}

function withPermissionBits(schema: JsonObject): JsonObject {
  const properties = objectAt(schema, "properties");
  if (!properties || properties.default_member_permissions === undefined) return schema;
  // Discord writes large integers as strings everywhere; the description has them as integers only.
  const bits = { type: ["integer", "string", "null"] };
  return { ...schema, properties: { ...properties, default_member_permissions: bits } };
}
