import type { Pending } from "./confirmation.ts";
import { readConfirmations } from "./confirmation-v0-3.ts";
import { readRequest } from "./confirmation-v1-0.ts";
import type { Dialect } from "./dialect.ts";
import { type JsonObject, objectAt, objectsAt, textAt, writeJson } from "./json.ts";
import type { Refusal } from "./refusal-words.ts";
import type { Verdicts } from "./verdict.ts";

/** A message for a paused task. */
export interface Reply {
  readonly message: JsonObject;
  readonly userId: string;
  /** It came with the header of the 1.0 extension. */
  readonly hitl: boolean;
}

/** A paused task, as far as a reply is judged by it. */
export interface PausedTask {
  readonly dialect: Dialect;
  /** The version of the runtime, where that version has habits of its own. */
  readonly release: string | undefined;
  readonly contextId: string;
  readonly userId: string;
  readonly pending: Pending;
}

/** What a runtime makes of a reply. */
export type Judgement =
  | { readonly is: "decided"; readonly verdicts: Verdicts }
  /** No decision for the runtime; `words` is what the model reads. `echoed`: the reply comes back as an event first. */
  | { readonly is: "words"; readonly words: string; readonly echoed: boolean }
  /** The task fails; `started`: after it said that it works. */
  | { readonly is: "failed"; readonly text: string | undefined; readonly started: boolean }
  /** An error; the pause stays. */
  | { readonly is: "refused"; readonly refusal: Refusal };

/** What the stored task waits for, read from its status message alone. */
export function readPending(task: JsonObject): Pending {
  const message = objectAt(objectAt(task, "status"), "message");
  const old = readConfirmations(message);
  if (old.length > 0) return { confirmations: old, readable: true };
  const request = readRequest(message);
  return { confirmations: request ?? [], readable: request !== undefined };
}

/** What a model reads of a message that is no decision: Python shows it data as JSON, Go only the text. */
export function wordsOf(message: JsonObject, python: boolean): string {
  const lines = objectsAt(message, "parts").flatMap((part) => {
    const data = objectAt(part, "data");
    if (python && Object.keys(data).length > 0) return [writeJson(data)];
    return textAt(part, "text") ?? [];
  });
  return lines.join("\n");
}
