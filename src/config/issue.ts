import type { z } from "zod";
import { suggestion } from "./suggestion.ts";

const NOUNS: Readonly<Record<string, string>> = {
  string: "text (in quotes)",
  number: "a number",
  int: "a whole number",
  boolean: "true or false",
  array: "a list",
  object: "a section with keys",
  record: "a section with keys",
};
const UNITS: Readonly<Record<string, string>> = { string: " characters", array: " entries" };

/** A sentence for a mistake in the file; undefined where the schema itself has said it. */
export function toSentence(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case "invalid_type":
      return typeSentence(issue.expected, issue.input);
    case "invalid_value":
      return choiceSentence(issue.values.map(String), issue.input);
    case "too_small":
      return `Must be at least ${issue.minimum}${UNITS[issue.origin] ?? ""}.`;
    case "too_big":
      return `Must be at most ${issue.maximum}${UNITS[issue.origin] ?? ""}.`;
    default:
      return undefined;
  }
}

function typeSentence(expected: string, input: unknown): string {
  const noun = NOUNS[expected] ?? expected;
  return input === undefined
    ? `This is missing: it must be ${noun}.`
    : `Must be ${noun}, not ${described(input)}.`;
}

function choiceSentence(values: readonly string[], input: unknown): string {
  const meant = typeof input === "string" ? suggestion(input, values) : "";
  const known =
    values.length > 8
      ? `one of Discord's languages, such as ${values.slice(0, 4).join(", ")}`
      : oneOf(values);
  return `Must be ${known}.${meant}`;
}

function oneOf(values: readonly string[]): string {
  return values.length === 1 ? `“${values[0]}”` : `one of ${values.join(", ")}`;
}

function described(input: unknown): string {
  if (input === null) return "empty";
  if (Array.isArray(input)) return "a list";
  if (typeof input === "object") return "a section";
  return typeof input === "string" ? "text" : String(input);
}
