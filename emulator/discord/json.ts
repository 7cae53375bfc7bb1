/** A JSON value as it travels; `undefined` members vanish when written. */
export type Json = string | number | boolean | null | readonly Json[] | JsonObject;
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** Throws SyntaxError on malformed text. */
export function parseJson(text: string): Json {
  const value: Json = JSON.parse(text);
  return value;
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isList(value: Json | undefined): value is readonly Json[] {
  return Array.isArray(value);
}

/** Readers of one member: `undefined` when it is missing, null or of another type. */
export function textAt(object: JsonObject, key: string): string | undefined {
  const value = object[key];
  return typeof value === "string" ? value : undefined;
}

export function numberAt(object: JsonObject, key: string): number | undefined {
  const value = object[key];
  return typeof value === "number" ? value : undefined;
}

export function booleanAt(object: JsonObject, key: string): boolean | undefined {
  const value = object[key];
  return typeof value === "boolean" ? value : undefined;
}

export function objectAt(object: JsonObject, key: string): JsonObject | undefined {
  const value = object[key];
  return isObject(value) ? value : undefined;
}

export function listAt(object: JsonObject, key: string): readonly Json[] | undefined {
  const value = object[key];
  return isList(value) ? value : undefined;
}

/** The objects in a list member; an empty list when it is missing. */
export function objectsAt(object: JsonObject, key: string): JsonObject[] {
  return (listAt(object, key) ?? []).filter(isObject);
}

/** The strings in a list member; an empty list when it is missing. */
export function textsAt(object: JsonObject, key: string): string[] {
  return (listAt(object, key) ?? []).filter((entry) => typeof entry === "string");
}
