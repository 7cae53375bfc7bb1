import { expect, test } from "vitest";
import { readRequest } from "../../../src/a2a/kagent/hitl/request.ts";
import { pauseText } from "../../../src/a2a/kagent/pause.ts";
import type { Message } from "../../../src/a2a/wire/model.ts";
import { readMessage } from "../../../src/a2a/wire/shapes.ts";

const URI = "https://kagent.dev/extensions/hitl/v1";

function textFor(message: Message | undefined): string {
  return pauseText(message, readRequest(message, { taskId: "t-1", contextId: "ctx-1" }));
}

function confirmation(call: unknown, payload?: unknown) {
  const args = { originalFunctionCall: call, toolConfirmation: { hint: "…", payload } };
  return {
    kind: "data",
    data: { id: "adk-1", name: "adk_request_confirmation", args },
    metadata: { adk_type: "function_call" },
  };
}

function extension(request: unknown) {
  return readMessage({
    role: "agent",
    parts: [{ text: "Tool 'a' requires approval." }],
    metadata: { [URI]: request },
    extensions: [URI],
  });
}

test("every tool that wants approval is named, on both wires", () => {
  const old = readMessage({
    role: "agent",
    parts: [confirmation({ name: "scale", id: "1" }), confirmation({ name: "delete", id: "2" })],
  });
  expect(textFor(old)).toBe("The agent asks for approval to run `scale`, `delete`.");
  const tools = [
    { id: "1", name: "scale" },
    { id: "2", name: "kagent__NS__k8s_agent", args: null },
  ];
  expect(textFor(extension({ type: "tool_approval_request", tools }))).toBe(
    "The agent asks for approval to run `scale`, `kagent/k8s-agent`.",
  );
});

test("what a sub-agent asks for is named instead of the sub-agent", () => {
  const inner = { name: "adk_request_confirmation", originalFunctionCall: { name: "delete", id: "9" } };
  const old = readMessage({
    role: "agent",
    parts: [confirmation({ name: "kagent__NS__k8s_agent" }, { hitl_parts: [inner] })],
  });
  expect(textFor(old)).toBe("The agent asks for approval to run `delete`.");
  const nested = { subagent_name: "x", tools: [{ id: "9", name: "delete" }] };
  const request = { type: "tool_approval_request", tools: [{ id: "1", name: "kagent__NS__x" }], nested };
  expect(textFor(extension(request))).toBe("The agent asks for approval to run `delete`.");
});

test("questions are repeated word for word, on both wires", () => {
  const questions = [{ question: "Which namespace?", choices: null }, { question: "Anything else?" }];
  const old = readMessage({
    role: "agent",
    parts: [confirmation({ name: "ask_user", args: { questions } })],
  });
  expect(textFor(old)).toBe("Which namespace?\nAnything else?");
  expect(textFor(extension({ type: "ask_user_request", id: "1", questions }))).toBe(
    "Which namespace?\nAnything else?",
  );
});

test("a pause without data speaks for itself", () => {
  expect(textFor(readMessage({ role: "agent", parts: [{ text: "Which one?" }] }))).toBe("Which one?");
  expect(textFor(undefined)).toBe("");
});
