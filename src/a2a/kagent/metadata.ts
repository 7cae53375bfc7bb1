import type { Usage } from "../../conversation/agent.ts";
import { type JsonObject, numberAt, objectAt } from "../wire/json.ts";

/** A metadata value under its logical name: Go and 1.0 prefix `adk_`, Python `kagent_`. */
export function metadataValue(metadata: JsonObject | undefined, key: string): unknown {
  if (!metadata) return undefined;
  return metadata[`adk_${key}`] ?? metadata[`kagent_${key}`];
}

/**
 * The partial flag of a stream event or message: true for a delta, false for a full text, undefined where the
 * runtime has none. Never ask it of a task: there it is left over from the last event.
 */
export function partialFlag(metadata: JsonObject | undefined): boolean | undefined {
  if (!metadata) return undefined;
  const flag = metadata.adk_partial ?? metadata.kagent_adk_partial ?? metadata.kagent_partial;
  return typeof flag === "boolean" ? flag : undefined;
}

/** The tokens of one model call; undefined when the metadata tells nothing. Totals are often left out. */
export function usageOf(metadata: JsonObject | undefined): Usage | undefined {
  const usage =
    metadata && (objectAt(metadata, "adk_usage_metadata") ?? objectAt(metadata, "kagent_usage_metadata"));
  if (!usage) return undefined;
  const inputTokens = numberAt(usage, "promptTokenCount") ?? 0;
  const outputTokens =
    (numberAt(usage, "candidatesTokenCount") ?? 0) + (numberAt(usage, "thoughtsTokenCount") ?? 0);
  const totalTokens = numberAt(usage, "totalTokenCount") ?? inputTokens + outputTokens;
  return { inputTokens, outputTokens, totalTokens };
}

/** The sum of two usages. */
export function addUsage(one: Usage, other: Usage): Usage {
  return {
    inputTokens: one.inputTokens + other.inputTokens,
    outputTokens: one.outputTokens + other.outputTokens,
    totalTokens: one.totalTokens + other.totalTokens,
  };
}
