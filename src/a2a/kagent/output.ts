import type { AgentEvent, Usage } from "../../conversation/agent.ts";
import type { JsonObject } from "../wire/json.ts";
import type { Artifact, ArtifactUpdate, Message, Part } from "../wire/model.ts";
import { addUsage, metadataValue, partialFlag, usageOf } from "./metadata.ts";
import { AnswerText } from "./partial-text.ts";
import { fileOf, isThought, textOf } from "./parts.ts";
import { readToolPart } from "./tool-calls.ts";

/** Which files pass: none above `maxBytes`, none whose key is in `seen`. Outlives a replay of the task. */
export interface FileFilter {
  readonly maxBytes: number;
  readonly seen: Set<string>;
}

/** What an agent gives out in one run: text, tool calls, files and tokens, each reported once. */
export class Output {
  readonly text: AnswerText;
  readonly #emit: (event: AgentEvent) => void;
  readonly #files: FileFilter;
  readonly #seen = new Set<string>();
  #usage: Usage | undefined;
  #failure = "";
  #notResumed = false;

  constructor(emit: (event: AgentEvent) => void, files: FileFilter) {
    this.#emit = emit;
    this.#files = files;
    this.text = new AnswerText(emit);
  }

  /** The text of an error message that came before the task failed; it is no answer. */
  get failure(): string {
    return this.#failure;
  }

  /** A decision did not get through to a sub-agent. */
  get notResumed(): boolean {
    return this.#notResumed;
  }

  /** Whether the agent gave out nothing. */
  get empty(): boolean {
    return this.text.empty && this.#seen.size === 0;
  }

  /** A message of the agent in the stream; `metadata` is that of the event around it. */
  message(message: Message, metadata: JsonObject | undefined): void {
    if ((partialFlag(metadata) ?? partialFlag(message.metadata)) === true) this.#delta(message.parts);
    else this.whole(message, metadata);
  }

  /** A message that is complete. Some are sent twice under one id. */
  whole(message: Message, metadata: JsonObject | undefined): void {
    if (message.messageId !== undefined && !this.#first("message", message.messageId)) return;
    const text = textOf(message.parts);
    if (isError(message)) this.#failure = text;
    else if (text !== "") this.text.full(text);
    this.#extras(message.parts);
    this.#count(usageOf(metadata) ?? usageOf(message.metadata));
  }

  /** An artifact or a piece of one, as the stream sends it. */
  artifact(update: ArtifactUpdate): void {
    const { artifact } = update;
    const partial = partialFlag(update.metadata) ?? partialFlag(artifact.metadata);
    const text = textOf(artifact.parts);
    // Upstream ADK executors stream through artifacts with a partial flag.
    if (partial === true) this.#delta(artifact.parts);
    else if (partial === false) this.#fullArtifact(text);
    else this.text.artifact(artifact.artifactId ?? "", text, update.append);
    if (partial !== true) this.#closed(artifact);
  }

  /** An artifact as a task holds it: whole, in as many parts as it was streamed. */
  stored(artifact: Artifact): void {
    this.text.artifact(artifact.artifactId ?? "", textOf(artifact.parts), false);
    this.#closed(artifact);
  }

  /** Tokens that only the end of the run tells. */
  total(metadata: JsonObject | undefined): void {
    if (!this.#usage) this.#count(usageOf(metadata));
  }

  #fullArtifact(text: string): void {
    if (text !== "") this.text.full(text);
  }

  #closed(artifact: Artifact): void {
    this.#extras(artifact.parts);
    const usage = usageOf(artifact.metadata);
    if (usage && this.#first("usage", artifact.artifactId ?? "")) this.#count(usage);
  }

  #delta(parts: readonly Part[]): void {
    const text = textOf(parts);
    if (text !== "") this.text.delta(text);
    else if (parts.some(isThought)) this.#emit({ kind: "thinking" });
  }

  #extras(parts: readonly Part[]): void {
    for (const part of parts) {
      if (part.kind === "data") this.#tool(part);
      else if (part.kind === "file") this.#file(part);
      else if (isThought(part)) this.#emit({ kind: "thinking" });
    }
  }

  #tool(part: Part): void {
    const tool = readToolPart(part);
    if (tool?.kind === "call" && this.#first("call", tool.call.id)) {
      this.#emit({ kind: "tool-call", call: tool.call });
    }
    if (tool?.kind === "result" && this.#first("result", tool.id)) {
      this.#notResumed ||= tool.notResumed;
      this.#emit({ kind: "tool-result", id: tool.id, ok: tool.ok });
    }
    if (tool?.kind === "waiting" && this.#first("waiting", tool.id)) {
      const { id, ...child } = tool;
      this.#emit({ ...child, kind: "subagent-waiting", callId: id });
    }
  }

  #file(part: Part): void {
    const found = fileOf(part, this.#files.maxBytes);
    if (!found || this.#files.seen.has(found.key)) return;
    this.#files.seen.add(found.key);
    this.#emit({ kind: "file", file: found.file });
  }

  #count(usage: Usage | undefined): void {
    if (!usage) return;
    this.#usage = this.#usage ? addUsage(this.#usage, usage) : usage;
    this.#emit({ kind: "usage", usage: this.#usage });
  }

  #first(kind: string, id: string): boolean {
    const key = `${kind} ${id}`;
    if (this.#seen.has(key)) return false;
    this.#seen.add(key);
    return true;
  }
}

function isError(message: Message): boolean {
  if (metadataValue(message.metadata, "error_code") !== undefined) return true;
  return message.parts.some((part) => metadataValue(part.metadata, "is_error_message") === true);
}
