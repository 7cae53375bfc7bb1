import { parse, stringify } from "lossless-json";
import { isObject, parseJson } from "./json.ts";

const EXACT = Symbol("exact");

/**
 * The text of a JSON value, parsed; undefined when it is not JSON. In texts that hold a pause every `args` keeps what
 * was written there, for `argsText`: JSON.parse rounds numbers beyond 2^53 and forgets how `1.0` and `1e5` were
 * spelled, and people decide about what will run.
 */
export function parseWire(text: string): unknown {
  const value = parseJson(text);
  if (holdsPause(text) && RESPELLED.test(text)) keepExact(value, text);
  return value;
}

/** The JSON text of an `args` value, each number as it stood where that was kept; `{}` for null and undefined. */
export function argsText(value: unknown): string {
  if (value === null || value === undefined) return "{}";
  const exact: unknown = typeof value === "object" ? Reflect.get(value, EXACT) : undefined;
  return (exact === undefined ? undefined : stringify(exact)) ?? JSON.stringify(value);
}

// Numbers that JavaScript may spell in another way: after a key, or in a list. Stored tasks are large, and few have one.
const RESPELLED = /(?:"\s*:|[[,])\s*(?:-0[\s,\]}]|-?\d+[.eE]|-?\d{16})/;

// Nearly every text is a single token, and parsing it twice would cost more than all the rest.
function holdsPause(text: string): boolean {
  return text.includes("adk_request_confirmation") || text.includes("/extensions/hitl/");
}

function keepExact(value: unknown, text: string): void {
  try {
    keep(value, parse(text));
  } catch {
    // Two values under one key, or nested too deep: what JSON.parse made of it is what agents read, too.
  }
}

function keep(value: unknown, exact: unknown): void {
  if (Array.isArray(value) && Array.isArray(exact)) {
    for (const [index, entry] of value.entries()) keep(entry, exact[index]);
  }
  if (!isObject(value) || !isObject(exact)) return;
  for (const [key, inner] of Object.entries(value)) {
    if (key === "args" && typeof inner === "object" && inner !== null)
      Object.defineProperty(inner, EXACT, { value: exact[key] });
    keep(inner, exact[key]);
  }
}
