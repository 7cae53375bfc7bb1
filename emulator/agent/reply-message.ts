import { randomUUID } from "node:crypto";
import type { JsonObject } from "./json.ts";
import type { Effect } from "./ledger.ts";
import type { Run } from "./run.ts";

/** A decision as a message of its own, for those that no client of ours sent. */
export function replyMessage({ dialect, taskId, contextId }: Run, did: Effect): JsonObject {
  const text = `${did[0]?.toUpperCase() ?? ""}${did.slice(1)}`;
  const ids = { messageId: randomUUID(), taskId, contextId };
  if (dialect.speaks === "1.0") return { ...ids, role: "ROLE_USER", parts: [{ text }] };
  const data = { kind: "data", data: { decision_type: did === "rejected" ? "reject" : "approve" } };
  return { kind: "message", ...ids, role: "user", parts: [data, { kind: "text", text }] };
}
