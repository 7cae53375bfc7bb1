import { randomUUID } from "node:crypto";
import type { Agent, Entry } from "./agent.ts";
import { type Call, readMessage, refuse } from "./call.ts";
import { addEntry, addPlayer, answerOf, toTurn } from "./entries.ts";
import { type JsonObject, textAt } from "./json.ts";
import { recordedCalls } from "./recorded-replies.ts";
import { deliverReplay, nextReplay } from "./replay-delivery.ts";
import { handleReply, noteRefused, replyWhileRunning } from "./replies.ts";
import { say, script } from "./script.ts";
import { deliver } from "./script-delivery.ts";
import { textsOf } from "./substitution.ts";
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
  const turn = toTurn(agent, message, call.userId, randomUUID(), contextId);
  const answer = answerOf(agent, turn);
  if (typeof answer !== "function") {
    const started = nextReplay(agent, answer, call, message, contextId);
    if (!started) return refuse(call, agent.dialect, { is: "no-method" });
    const { replay, exchange, ids } = started;
    const entry = addEntry(agent, call.userId, replay.dialect, replay.wire, ids, replay);
    entry.run.prompts.push(turn.text);
    return deliverReplay(agent, call, entry, exchange);
  }
  const entry = addEntry(agent, call.userId, agent.dialect, agent.dialect.speaks, turn);
  entry.run.prompts.push(turn.text);
  deliver(call, entry.run, () => addPlayer(agent, entry, answer).play(turn, call.hitl));
}

function continueTask(agent: Agent, call: Call, entry: Entry, message: JsonObject) {
  const { run } = entry;
  const state = run.task.state();
  if (run.live()) return replyWhileRunning(agent, call, entry, message);
  if (state === "input-required") return handleReply(agent, call, entry, message);
  const [recorded] = recordedCalls(entry, call, message);
  if (isOver(state)) noteRefused(agent, call, entry, message);
  if (recorded) {
    run.prompts.push(textsOf(message).join("\n"));
    return deliverReplay(agent, call, entry, recorded, message);
  }
  const contextId = textAt(message, "contextId") ?? run.contextId;
  if (contextId !== run.contextId) return refuse(call, run.dialect, { is: "wrong-context" });
  if (isOver(state))
    return refuse(call, run.dialect, { is: "over", on: "message", taskId: run.taskId, state });
  // A run whose process died, and that nobody told so.
  const turn = toTurn(agent, message, call.userId, run.taskId, contextId);
  run.prompts.push(turn.text);
  const answer = script(say("I go on without a decision."));
  deliver(call, run, () => addPlayer(agent, entry, answer).answer(turn, call.hitl));
}
