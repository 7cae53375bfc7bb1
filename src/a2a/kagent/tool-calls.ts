import type { ToolCall } from "../../conversation/agent.ts";
import { isObject, type JsonObject, objectAt, stringAt } from "../wire/json.ts";
import type { Part } from "../wire/model.ts";
import { metadataValue } from "./metadata.ts";

/** What a data part of an agent means. */
export type ToolPart =
  | { readonly kind: "call"; readonly call: ToolCall }
  | { readonly kind: "result"; readonly id: string; readonly ok: boolean };

// Requests to people travel as tool calls; a pause shows them, the list of tools must not.
const REQUESTS: ReadonlySet<string> = new Set(["adk_request_confirmation", "adk_request_credential"]);

/** A tool call or its result; undefined for requests to people, placeholders and data that is something else. */
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
  if (id === undefined || (name !== undefined && REQUESTS.has(name)) || isPlaceholder(data.response))
    return undefined;
  return { kind: "result", id, ok: !isFailure(data.response) };
}

// While a pause waits, Go and the 1.0 runtimes answer the call with a note instead of a result.
function isPlaceholder(response: unknown): boolean {
  if (!isObject(response)) return false;
  const { status } = objectAt(response, "result") ?? response;
  return status === "confirmation_requested" || status === "pending";
}

function isFailure(response: unknown): boolean {
  if (!isObject(response)) return false;
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
