/** Any JSON value. A key that is `undefined` is left out when written. */
export type Json = null | boolean | number | string | readonly Json[] | JsonObject;

/** A JSON object. */
export interface JsonObject {
  readonly [key: string]: Json | undefined;
}

/** The value that `text` writes, or undefined when it is not JSON. */
export function parseJson(text: string): Json | undefined {
  try {
    const value: Json = JSON.parse(text);
    return value;
  } catch {
    return undefined;
  }
}

export function isObject(value: Json | undefined): value is JsonObject {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object under `key`, or an empty one. */
export function objectAt(value: Json | undefined, key: string): JsonObject {
  const found = isObject(value) ? value[key] : undefined;
  return isObject(found) ? found : {};
}

/** The text under `key`, or undefined when it is absent, empty or something else. */
export function textAt(value: Json | undefined, key: string): string | undefined {
  const found = isObject(value) ? value[key] : undefined;
  return typeof found === "string" && found !== "" ? found : undefined;
}

/** The list under `key`, or an empty one. */
function listAt(value: Json | undefined, key: string): readonly Json[] {
  const found = isObject(value) ? value[key] : undefined;
  return Array.isArray(found) ? found : [];
}

/** The objects in the list under `key`. */
export function objectsAt(value: Json | undefined, key: string): readonly JsonObject[] {
  return listAt(value, key).filter((entry) => isObject(entry));
}

/** A number as it stands on the wire, digit by digit, for what a double cannot hold: beyond 2^53, or `4.0`. */
export function exactNumber(digits: string): string {
  return `\u0000${digits}`;
}

/** JSON text; numbers of `exactNumber` as they were given. */
export function writeJson(value: Json): string {
  return JSON.stringify(value).replaceAll(/"\\u0000(-?\d[\d.eE+-]*)"/g, "$1");
}
