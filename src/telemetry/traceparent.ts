import { randomBytes } from "node:crypto";

/**
 * A new W3C `traceparent` (https://www.w3.org/TR/trace-context/): version 00, random ids, sampled, so that a
 * tracing agent that follows its caller's decision keeps recording.
 */
export function createTraceparent(): string {
  return `00-${randomBytes(16).toString("hex")}-${randomBytes(8).toString("hex")}-01`;
}
