import type { Protocol } from "./wire/codec.ts";
import { arrayAt, isObject, stringAt } from "./wire/json.ts";

/** What we use of an agent card. Its addresses are not among it: they are often wrong, and never followed. */
export interface Card {
  readonly description: string;
  readonly examples: readonly string[];
  /** What it says to speak; cards lie, so this is where to begin. */
  readonly protocols: readonly Protocol[];
}

/** A card of 0.3 or 1.0, or the union that kagent's controllers serve; undefined when it is none. */
export function readCard(value: unknown): Card | undefined {
  if (!isObject(value) || stringAt(value, "name") === undefined) return undefined;
  const interfaces = arrayAt(value, "supportedInterfaces").filter(isObject);
  const versions = [value, ...interfaces].map((holder) => stringAt(holder, "protocolVersion") ?? "");
  const flat = stringAt(value, "url") !== undefined;
  const protocols: Protocol[] = [];
  if (flat || versions.some((version) => version.startsWith("0."))) protocols.push("0.3");
  if (versions.some((version) => version.startsWith("1.")) || (!flat && interfaces.length > 0))
    protocols.push("1.0");
  return {
    description: stringAt(value, "description") ?? "",
    examples: readExamples(arrayAt(value, "skills")),
    protocols,
  };
}

/** The example prompts of skills, in order, each once. */
export function readExamples(skills: readonly unknown[]): readonly string[] {
  const examples = skills.filter(isObject).flatMap((skill) => arrayAt(skill, "examples"));
  return [...new Set(examples.filter((example) => typeof example === "string" && example.trim() !== ""))].map(
    String,
  );
}
