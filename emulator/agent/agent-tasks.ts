import type { Agent, Entry } from "./agent.ts";
import { type Call, refuse, respond, respondTask } from "./call.ts";
import { isPython } from "./dialect.ts";
import { createEncoder } from "./encoding.ts";
import { objectAt, textAt } from "./json.ts";
import type { Exchange } from "./recordings.ts";
import { laterCalls, recordedState, resultOf } from "./replay.ts";
import { deliverReplay } from "./replay-delivery.ts";
import { follow, settingOf } from "./script-delivery.ts";
import { recordedBody } from "./substitution.ts";
import { isOver } from "./task.ts";

/** `tasks/get`: the recorded answer where it fits the state that was reached, else the task as it is. */
export function handleGet(agent: Agent, call: Call) {
  const taskId = textAt(call.params, "id") ?? "";
  const entry = agent.entries.get(taskId);
  if (!entry) return refuse(call, agent.dialect, { is: "unknown-task", on: "get", taskId });
  const recorded = recordedGet(entry, call);
  if (recorded) return deliverReplay(agent, call, entry, recorded);
  respondTask(call, entry.run);
}

/**
 * A running task has no recorded answer: it belongs to another moment. One that rests has those with its state; one whose
 * events ended in the middle (the recorded client had left) moves on with the answers in their order.
 */
function recordedGet({ run, replay }: Entry, call: Call): Exchange | undefined {
  if (!replay || run.live()) return undefined;
  const same = laterCalls(replay, run.taskId, ["get"]).filter(
    (exchange) => objectAt(recordedBody(exchange), "params").historyLength === call.params.historyLength,
  );
  const state = run.task.state();
  const rests = isOver(state) || state === "input-required";
  return rests ? same.find((exchange) => recordedState(exchange) === state) : same[0];
}

/** `tasks/resubscribe`: only while the task runs, except where the recording has an answer. */
export function handleSubscribe(agent: Agent, call: Call) {
  const taskId = textAt(call.params, "id") ?? "";
  const entry = agent.entries.get(taskId);
  if (!entry) return refuse(call, agent.dialect, { is: "unknown-task", on: "subscribe", taskId });
  const { run, replay } = entry;
  const recorded = replay ? laterCalls(replay, taskId, ["subscribe"])[0] : undefined;
  if (recorded) return deliverReplay(agent, call, entry, recorded);
  const state = run.task.state();
  if (isOver(state)) return refuse(call, run.dialect, { is: "over", on: "subscribe", taskId, state });
  const paused = state === "input-required" && isPython(run.dialect) && run.dialect.speaks === "1.0";
  if (!run.live() && !paused) return refuse(call, run.dialect, { is: "inactive" });
  follow(call, run);
}

/** `tasks/cancel`: Go and 1.0 stop the run, released Python agents refuse and go on. */
export function handleCancel(agent: Agent, call: Call) {
  const taskId = textAt(call.params, "id") ?? "";
  const entry = agent.entries.get(taskId);
  if (!entry) return refuse(call, agent.dialect, { is: "unknown-task", on: "cancel", taskId });
  const { run } = entry;
  const state = run.task.state();
  if (isOver(state)) return cancelOver(agent, call, entry, state);
  if (isPython(run.dialect) && run.dialect.speaks === "0.3") {
    return refuse(call, run.dialect, { is: "cannot-cancel" });
  }
  const recorded = recordedCancel(entry);
  if (!recorded) return cancelNow(agent, call, entry);
  // What follows in the recorded stream happened because of this call.
  entry.release();
  if (entry.replay?.wire === call.wire) deliverReplay(agent, call, entry, recorded);
  else cancelNow(agent, call, entry);
}

function cancelOver(agent: Agent, call: Call, entry: Entry, state: string) {
  const { run, replay } = entry;
  const [recorded] = replay?.wire === call.wire ? laterCalls(replay, run.taskId, ["cancel"]) : [];
  const reached = recorded && recordedState(recorded);
  if (recorded && (reached === undefined || reached === state))
    return deliverReplay(agent, call, entry, recorded);
  if (isPython(run.dialect) && run.dialect.speaks === "1.0") return respondTask(call, run);
  refuse(call, run.dialect, { is: "over", on: "cancel", taskId: run.taskId, state });
}

function recordedCancel({ run, replay }: Entry): Exchange | undefined {
  if (!replay) return undefined;
  return laterCalls(replay, run.taskId, ["cancel"]).find((exchange) =>
    resultOf(exchange.response?.chunks ?? []),
  );
}

function cancelNow(agent: Agent, call: Call, { run }: Entry): void {
  run.stop();
  const live = run.live();
  const events = createEncoder(settingOf(agent, run)).canceled();
  const [canceled, ...after] = events;
  if (canceled) run.publish(canceled);
  respondTask(call, run, { partials: !isPython(run.dialect) });
  // A run that only waited has nothing that could still fail.
  if (!live) return;
  for (const event of after) run.publish(event);
  run.settle("settled");
}

/** Lists exist on 1.0 only. */
export function handleList(agent: Agent, call: Call) {
  if (agent.dialect.speaks === "0.3") return refuse(call, agent.dialect, { is: "no-list" });
  const wanted = textAt(call.params, "contextId");
  const runs = [...agent.entries.values()].map((entry) => entry.run);
  const tasks = runs
    .filter((run) => wanted === undefined || run.contextId === wanted)
    .map((run) => run.task.toJson());
  respond(call, agent.dialect, { result: { tasks, totalSize: tasks.length } });
}
