import type { AgentEvent, SnapshotItem } from "../../conversation/agent.ts";
import { isTerminal, type Message, type Task } from "../wire/model.ts";
import { EventQueue } from "./event-queue.ts";
import { partialFlag } from "./metadata.ts";
import { type FileFilter, Output } from "./output.ts";
import { isPause } from "./pause.ts";
import { toSnapshot } from "./snapshot.ts";

/** What a stored task tells of its run: a snapshot, and what a snapshot has no place for. */
interface StoredOutput {
  readonly events: readonly AgentEvent[];
  /** The output from here on, whose events go to `push`. */
  continueWith(push: (event: AgentEvent) => void): Output;
}

/** The output of a stored task; undefined when it holds none. `unfinished`: what its stream told of a broken turn. */
export function readStored(task: Task, files: FileFilter, unfinished: string): StoredOutput | undefined {
  const replayed = new EventQueue();
  const sink = { push: replayed.push };
  const output = new Output((event) => sink.push(event), files);
  for (const message of task.history) if (isOutput(message, task)) output.whole(message, undefined);
  for (const artifact of task.artifacts) output.stored(artifact);
  if (output.empty) return undefined;
  const events = replayed.take();
  const snapshot = [...toSnapshot(events), ...unsaved(events, task, unfinished)];
  return {
    events: [
      { kind: "snapshot", output: snapshot },
      ...events.filter((event) => outlives(event, events, task)),
    ],
    continueWith(push) {
      sink.push = push;
      return output;
    },
  };
}

// Of a run that broke off, tasks keep no deltas; people have seen them already.
function unsaved(replayed: readonly AgentEvent[], task: Task, text: string): readonly SnapshotItem[] {
  if (text === "" || !isTerminal(task.state) || task.state === "completed") return [];
  const saved = replayed.some((event) => event.kind === "text" && event.text.startsWith(text));
  return saved ? [] : [{ kind: "text", segment: "unfinished", text }];
}

// Until its caller is over, a sub-agent that waits is what the caller itself waits for.
function outlives(event: AgentEvent, events: readonly AgentEvent[], task: Task): boolean {
  if (event.kind === "usage" || event.kind === "file") return true;
  if (event.kind !== "subagent-waiting" || !isTerminal(task.state)) return false;
  return !events.some((other) => other.kind === "tool-result" && other.id === event.callId);
}

// Stored messages may be deltas (a cancel's answer), requests to people, or the reason that the status tells.
function isOutput(message: Message, task: Task): boolean {
  if (message.role === "user" || isPause(message) || partialFlag(message.metadata) === true) return false;
  return message.messageId === undefined || message.messageId !== task.message?.messageId;
}
