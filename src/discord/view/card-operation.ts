import type { Operation } from "../../conversation/approval.ts";
import { argumentLines, rawLines } from "./argument-lines.ts";
import { codeName } from "./card-words.ts";
import { type JsonNode, readJson } from "./json-text.ts";
import type { ManifestReader } from "./manifests.ts";
import { breakBacktickRuns, safeInline } from "./safe-text.ts";

/** An operation, read once however often it is drawn. */
export interface ReadOperation {
  readonly operation: Operation;
  /** Undefined where the arguments are no JSON, or too many or too deep to be laid out. */
  readonly args: JsonNode | undefined;
  readonly manifests: readonly string[];
}

const RAW = "⚠️ **These arguments cannot be laid out.** Read all of them in request.json before you decide.";

/** Reads what an operation's arguments hold. */
export function readOperation(operation: Operation, manifestsIn: ManifestReader): ReadOperation {
  const args = readJson(operation.args);
  return { operation, args, manifests: args ? manifestsIn(args) : [] };
}

/** The tool, through whom, and its exact arguments; values of more than `room` code points are shortened. */
export function operationText({ operation, args, manifests }: ReadOperation, room: number): string {
  const lines = args ? argumentLines(args, room) : rawLines(operation.args, room);
  return [
    toolText(operation),
    `\`\`\`\n${breakBacktickRuns(lines.join("\n"))}\n\`\`\``,
    ...(args ? [] : [RAW]),
    ...(manifests.length === 0 ? [] : [`📄 ${manifestsText(manifests)}`]),
  ].join("\n");
}

/** The tool and through whom. */
export function toolText({ tool, via }: Operation): string {
  return `${codeName(tool)}${via ? ` via ${codeName(via.name)}` : ""}`;
}

/** The manifests, each one named; equal names once, with their number. */
function manifestsText(manifests: readonly string[]): string {
  const counts = new Map<string, number>();
  for (const name of manifests) counts.set(name, (counts.get(name) ?? 0) + 1);
  return Array.from(counts, ([name, count]) => {
    const text = name.includes("`") ? safeInline(name) : `\`${name}\``;
    return count > 1 ? `${text} ×${count}` : text;
  }).join(" · ");
}
