import type { ToolCall } from "../../conversation/agent.ts";
import { isObject, type JsonObject, objectAt, stringAt } from "../wire/json.ts";
import type { Part } from "../wire/model.ts";
import { metadataValue } from "./metadata.ts";

/** What a data part of an agent means. */
export type ToolPart =
  | { readonly kind: "call"; readonly call: ToolCall }
  /** `notResumed`: the caller could not hand a decision on to its sub-agent, where nothing ran. */
  | { readonly kind: "result"; readonly id: string; readonly ok: boolean; readonly notResumed: boolean }
  /** Instead of a result: the sub-agent (`namespace/name`) waits for people. */
  | { readonly kind: "waiting"; readonly id: string; readonly subagent: string; readonly contextId?: string };

// Requests to people travel as tool calls; a pause shows them, the list of tools must not.
const REQUESTS: ReadonlySet<string> = new Set(["adk_request_confirmation", "adk_request_credential"]);

/** A tool call, its result or that its sub-agent waits; undefined for requests to people, placeholders and data that is something else. */
export function readToolPart(part: Part): ToolPart | undefined {
  if (part.kind !== "data" || !isObject(part.data)) return undefined;
  const type = metadataValue(part.metadata, "type");
  if (type === "function_call") return readCall(part.data);
  if (type === "function_response") return readToolResult(part.data);
  return undefined;
}

function readCall(data: JsonObject): ToolPart | undefined {
  const name = stringAt(data, "name");
  if (name === undefined || REQUESTS.has(name)) return undefined;
  const id = stringAt(data, "id") ?? name;
  const subagent = subagentOf(name);
  const args = JSON.stringify(data.args ?? {});
  return { kind: "call", call: { id, name, args, ...(subagent === undefined ? {} : { subagent }) } };
}

function readToolResult(data: JsonObject): ToolPart | undefined {
  const name = stringAt(data, "name");
  const id = stringAt(data, "id") ?? name;
  if (id === undefined || (name !== undefined && REQUESTS.has(name))) return undefined;
  const { response } = data;
  if (isPlaceholder(response)) return readWaiting(response, id);
  const notResumed = isNotResumed(response);
  return { kind: "result", id, ok: !notResumed && !isFailure(response), notResumed };
}

// While a pause waits, Go and the 1.0 runtimes answer the call with a note instead of a result.
function isPlaceholder(response: unknown): boolean {
  const { status } = resultOf(response);
  return status === "confirmation_requested" || status === "pending";
}

function readWaiting(response: unknown, id: string): ToolPart | undefined {
  const result = resultOf(response);
  const name = stringAt(result, "subagent");
  if (name === undefined || result.waiting_for !== "subagent_approval") return undefined;
  const contextId = stringAt(result, "subagent_session_id");
  const subagent = subagentOf(name) ?? name;
  return { kind: "waiting", id, subagent, ...(contextId === undefined ? {} : { contextId }) };
}

function resultOf(response: unknown): JsonObject {
  return isObject(response) ? (objectAt(response, "result") ?? response) : {};
}

// Python 1.0.0a1 hands every decision on without its content, and the sub-agent refuses that.
function isNotResumed(response: unknown): boolean {
  const text = isObject(response) ? response.result : response;
  return typeof text === "string" && /^Remote agent '[^']*' resume failed: Validation failed/.test(text);
}

const REJECTED = /^Tool call was rejected by user\b/;

function isFailure(response: unknown): boolean {
  if (!isObject(response)) return false;
  if (typeof response.result === "string" && REJECTED.test(response.result)) return true;
  return response.isError === true || (response.error !== undefined && response.error !== null);
}

/** `namespace/name` of the agent behind a tool name such as `kagent__NS__promql_agent`; undefined for other tools. */
export function subagentOf(toolName: string): string | undefined {
  const border = toolName.indexOf("__NS__");
  if (border <= 0) return undefined;
  const [namespace, name] = [toolName.slice(0, border), toolName.slice(border + "__NS__".length)];
  // Kubernetes names have dashes, Python identifiers have underscores.
  return name === "" ? undefined : `${namespace.replaceAll("_", "-")}/${name.replaceAll("_", "-")}`;
}
