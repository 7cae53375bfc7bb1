import { expect, test } from "vitest";
import { agentRef, directoryFor, taskRef } from "./support/asking.ts";
import { result, rpcError, serve } from "./support/server.ts";

const task = (state: string) => ({ kind: "task", id: "t-1", contextId: "ctx-1", status: { state } });

async function cancel(answer: {
  readonly canceled?: string;
  readonly error?: number;
  readonly state?: string;
}) {
  const { url } = await serve((seen, response) => {
    if (seen.method === "tasks/cancel" && answer.canceled) result(response, task(answer.canceled));
    else if (seen.method === "tasks/cancel") rpcError(response, answer.error ?? 0, "no");
    else if (seen.method === "tasks/get" && answer.state) result(response, task(answer.state));
    else response.writeHead(503).end();
  });
  return directoryFor(url).agent(agentRef).cancel(taskRef("t-1"));
}

test("a task that says so is canceled", async () => {
  expect(await cancel({ canceled: "canceled" })).toBe("canceled");
});

test("a finished task is over already, whatever the error says", async () => {
  expect(await cancel({ error: -32002, state: "completed" })).toBe("already-over");
  expect(await cancel({ error: -32603, state: "completed" })).toBe("already-over");
  expect(await cancel({ canceled: "completed" })).toBe("already-over");
});

test("an error while the task still works means that its runtime cannot cancel", async () => {
  expect(await cancel({ error: -32603, state: "working" })).toBe("unsupported");
});

test("a task that cannot be read leaves it unknown", async () => {
  expect(await cancel({ error: -32603 })).toBe("unknown");
});

test("a cancel that only begins to work leaves it unknown", async () => {
  expect(await cancel({ canceled: "working", state: "working" })).toBe("unknown");
  expect(await cancel({ canceled: "working", state: "canceled" })).toBe("canceled");
});
