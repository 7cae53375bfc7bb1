import { agentKey } from "../../conversation/agent-ref.ts";
import type { RequestItem } from "../../conversation/approval.ts";
import type { ApprovalRow } from "../../conversation/approval-row.ts";
import { wholeJson } from "./json-text.ts";
import type { FileView } from "./message.ts";

/** Bytes: Discord takes 10 MiB a file. */
const MAX_BYTES = 9 * 1024 * 1024;

/**
 * Everything that a pause asks as one JSON file: arguments as on the wire, with each invisible character as an escape.
 * Undefined where it is too large for Discord.
 */
export function requestFile({ agent, task, request }: ApprovalRow): FileView | undefined {
  const fields = [
    `"agent":${JSON.stringify(agentKey(agent))}`,
    `"task":${JSON.stringify(task.taskId)}`,
    `"items":[${request.items.map(itemJson).join(",")}]`,
  ];
  const bytes = new TextEncoder().encode(`${wholeJson(`{${fields.join(",")}}`)}\n`);
  return bytes.byteLength > MAX_BYTES
    ? undefined
    : { name: "request.json", mediaType: "application/json", bytes };
}

function itemJson(item: RequestItem): string {
  const via = item.via ? `,"via":${JSON.stringify(item.via.name)}` : "";
  if (item.kind === "questions")
    return `{"tool":"ask_user"${via},"questions":${JSON.stringify(item.questions)}}`;
  return `{"tool":${JSON.stringify(item.tool)}${via},"arguments":${argsJson(item.args)}}`;
}

function argsJson(args: string): string {
  try {
    JSON.parse(args);
    return args;
  } catch {
    return JSON.stringify(args);
  }
}
