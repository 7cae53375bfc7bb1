import type { Agent, Entry } from "./agent.ts";
import { beginStream, type Call, isStreamed, refuse, respondTask, writeEvent } from "./call.ts";
import type { EncoderSetting } from "./encoder.ts";
import { createEncoder } from "./encoding.ts";
import { agentDied } from "./fault.ts";
import { objectAt } from "./json.ts";
import { createPlayer } from "./player.ts";
import type { Run } from "./run.ts";
import type { Script, Turn } from "./script.ts";

/** Starts or resumes a script on a task and answers the call with its events, or with the task when it rests. */
export function deliverScript(agent: Agent, call: Call, entry: Entry, script: Script, turn: Turn): void {
  const { run } = entry;
  entry.player ??= createPlayer(run, script, createEncoder(settingOf(agent, run, call)), agent.speed);
  const listening = isStreamed(call) ? streamRun(call, run) : undefined;
  if (!listening) answerAtRest(call, run);
  entry.player.play(turn);
}

/** What an encoder of this run writes into its events. */
export function settingOf(agent: Agent, run: Run, call: Call): EncoderSetting {
  return {
    dialect: run.dialect,
    taskId: run.taskId,
    contextId: run.contextId,
    userId: run.userId,
    namespace: agent.namespace,
    agent: agent.definition.name,
    stream: agent.definition.stream ?? true,
    hitl: call.hitl,
  };
}

/** Hands the events of a run to the caller, to the end of the run. */
export function streamRun(call: Call, run: Run): () => void {
  beginStream(call, run.dialect);
  return run.listen({
    event: (event) => writeEvent(call, run, event),
    end: (how) => (how === "settled" ? call.outlet.end() : loseStream(call, run)),
  });
}

/** What a stream shows when the agent dies: the controller says so, an agent asked directly is just gone. */
export function loseStream(call: Call, run: Run): void {
  if (run.dialect.through === "controller") call.outlet.fail(agentDied);
  else call.outlet.destroy();
}

/** A blocking call: the task when it rests. With `blocking: false`, the task at once. */
export function answerAtRest(call: Call, run: Run): void {
  const { blocking, returnImmediately } = objectAt(call.params, "configuration");
  if (blocking === false || returnImmediately === true) {
    queueMicrotask(() => respondTask(call, run, { wrapped: true }));
    return;
  }
  run.listen({
    event: () => {},
    end: (how) =>
      how === "settled"
        ? respondTask(call, run, { wrapped: true })
        : refuse(call, run.dialect, { is: "hop", message: "failed to send HTTP request: EOF" }),
  });
}
