import { randomUUID } from "node:crypto";
import type { Agent, Entry } from "./agent.ts";
import { type Call, readMessage, refuse } from "./call.ts";
import type { Dialect, Wire } from "./dialect.ts";
import { type JsonObject, objectAt, textAt } from "./json.ts";
import type { Exchange, Recording } from "./recordings.ts";
import { laterCalls, type Replay } from "./replay.ts";
import { deliverReplay, nextReplay } from "./replay-delivery.ts";
import { createRun, type Run } from "./run.ts";
import { fail, type Script, say, script, type Turn } from "./script.ts";
import { deliverScript } from "./script-delivery.ts";
import { recordedBody, textsOf } from "./substitution.ts";
import { isOver } from "./task.ts";

/** A prompt: starts a task, or continues the one it names. */
export function handlePrompt(agent: Agent, call: Call) {
  const read = readMessage(call, agent.dialect);
  if ("missing" in read) return refuse(call, agent.dialect, { is: "bad-params", missing: read.missing });
  const taskId = textAt(read.message, "taskId");
  if (taskId === undefined) return startTask(agent, call, read.message);
  const entry = agent.entries.get(taskId);
  if (!entry) return refuse(call, agent.dialect, { is: "unknown-task", on: "message", taskId });
  continueTask(agent, call, entry, read.message);
}

function startTask(agent: Agent, call: Call, message: JsonObject) {
  const contextId = textAt(message, "contextId") ?? randomUUID();
  const turn = toTurn(agent, call, message, randomUUID(), contextId);
  const answer = answerOf(agent, turn);
  if (typeof answer !== "function") {
    const started = nextReplay(agent, answer, call, message, contextId);
    if (!started) return refuse(call, agent.dialect, { is: "no-method" });
    const { replay, exchange, ids } = started;
    const entry = addEntry(agent, call, replay.dialect, replay.wire, ids, replay);
    entry.run.prompts.push(turn.text);
    return deliverReplay(agent, call, entry, exchange);
  }
  const entry = addEntry(agent, call, agent.dialect, agent.dialect.speaks, turn);
  entry.run.prompts.push(turn.text);
  deliverScript(agent, call, entry, answer, turn);
}

/** What an agent cannot even begin with comes before what it was made to do. */
function answerOf(agent: Agent, turn: Turn): Recording | Script {
  if (turn.contextId.includes("/")) return script(fail(`session not found: ${turn.contextId}`));
  return agent.definition.answer(turn);
}

function addEntry(
  agent: Agent,
  call: Call,
  dialect: Dialect,
  form: Wire,
  ids: { readonly taskId: string; readonly contextId: string },
  replay?: Replay,
): Entry {
  const { taskId, contextId } = ids;
  const { name } = agent.definition;
  const { promise: released, resolve: release } = gate();
  const run: Run = createRun(
    { agent: name, dialect, form, taskId, contextId, userId: call.userId },
    { changed: () => agent.changed(run), settled: () => remember(agent, run) },
  );
  const entry: Entry = { run, replay, player: undefined, released, release };
  agent.entries.set(taskId, entry);
  agent.changed(run);
  return entry;
}

function gate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let open: () => void = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, resolve: () => open() };
}

function continueTask(agent: Agent, call: Call, entry: Entry, message: JsonObject) {
  const { run } = entry;
  const recorded = recordedReply(entry, call, message);
  if (recorded) {
    run.prompts.push(textsOf(message).join("\n"));
    return deliverReplay(agent, call, entry, recorded, message);
  }
  const state = run.task.state();
  const contextId = textAt(message, "contextId") ?? run.contextId;
  if (contextId !== run.contextId) return refuse(call, run.dialect, { is: "wrong-context" });
  if (isOver(state))
    return refuse(call, run.dialect, { is: "over", on: "message", taskId: run.taskId, state });
  if (run.live()) return refuse(call, run.dialect, { is: "busy" });
  const turn = toTurn(agent, call, message, run.taskId, contextId);
  run.prompts.push(turn.text);
  deliverScript(agent, call, entry, script(say("I go on without a decision.")), turn);
}

/** What the recorded client sent next to this task, in the same context or likewise in none. */
function recordedReply({ run, replay }: Entry, call: Call, message: JsonObject): Exchange | undefined {
  if (!replay || run.live() || replay.wire !== call.wire) return undefined;
  const contextId = textAt(message, "contextId");
  return laterCalls(replay, run.taskId, ["stream", "send"]).find((exchange) => {
    const asked = textAt(objectAt(objectAt(recordedBody(exchange), "params"), "message"), "contextId");
    return (asked === undefined ? undefined : (replay.ids.get(asked) ?? asked)) === contextId;
  });
}

function toTurn(agent: Agent, call: Call, message: JsonObject, taskId: string, contextId: string): Turn {
  return {
    agent: agent.definition.name,
    text: textsOf(message).join("\n"),
    message,
    taskId,
    contextId,
    userId: call.userId,
    history: agent.memory.get(memoryKey(contextId, call.userId)) ?? [],
  };
}

/** A context belongs to one user: another one sees an empty conversation under the same id. */
function memoryKey(contextId: string, userId: string): string {
  return `${userId}\n${contextId}`;
}

function remember(agent: Agent, run: Run): void {
  const key = memoryKey(run.contextId, run.userId);
  const before = agent.memory.get(key) ?? [];
  const said = { prompt: run.prompts.join("\n"), answer: run.task.answer() };
  if (isOver(run.task.state())) agent.memory.set(key, [...before, said]);
}
