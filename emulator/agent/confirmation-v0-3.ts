import { type Confirmation, hintOf, type NestedPause } from "./confirmation.ts";
import { isObject, type JsonObject, objectAt, objectsAt, textAt } from "./json.ts";
import type { ToolCall } from "./tool-call.ts";

/** The data of a released runtime's confirmation; Go writes a payload of null where Python has none. */
export function confirmationData(confirmation: Confirmation, python: boolean): JsonObject {
  const { id, call, nested } = confirmation;
  const payload = nested ? { payload: payloadOf(nested) } : python ? {} : { payload: null };
  const toolConfirmation = { hint: hintOf(confirmation), confirmed: false, ...payload };
  const args = { originalFunctionCall: original(call), toolConfirmation };
  return { id, name: "adk_request_confirmation", args };
}

function original({ id, name, args }: ToolCall): JsonObject {
  return { id, name, args };
}

function payloadOf({ subagent, taskId, contextId, confirmations }: NestedPause): JsonObject {
  const parts = confirmations.map(({ id, call }) => ({
    name: "adk_request_confirmation",
    id,
    originalFunctionCall: original(call),
  }));
  return {
    task_id: taskId,
    context_id: contextId,
    subagent_name: subagent,
    hitl_parts: parts.length === 0 ? null : parts,
  };
}

/** The confirmations in a stored message. */
export function readConfirmations(message: JsonObject): Confirmation[] {
  return objectsAt(message, "parts").flatMap((part) => {
    const data = objectAt(part, "data");
    if (data.name !== "adk_request_confirmation") return [];
    const args = objectAt(data, "args");
    const found = readOne(data, args);
    const payload = objectAt(objectAt(args, "toolConfirmation"), "payload");
    return [isObject(payload) && "task_id" in payload ? { ...found, nested: readPayload(payload) } : found];
  });
}

function readOne(data: JsonObject, holder: JsonObject): Confirmation {
  const call = objectAt(holder, "originalFunctionCall");
  const id = textAt(data, "id") ?? "";
  return {
    id,
    call: { id: textAt(call, "id") ?? id, name: textAt(call, "name") ?? "", args: objectAt(call, "args") },
  };
}

function readPayload(payload: JsonObject): NestedPause {
  return {
    subagent: textAt(payload, "subagent_name") ?? "",
    taskId: textAt(payload, "task_id") ?? "",
    contextId: textAt(payload, "context_id") ?? "",
    confirmations: objectsAt(payload, "hitl_parts").map((part) => readOne(part, part)),
  };
}
