import type { Agent } from "./agent.ts";
import { beginStream, type Call, isStreamed, refuse, respondTask, snapshotOf, writeEvent } from "./call.ts";
import { isPython } from "./dialect.ts";
import type { EncoderSetting } from "./encoder.ts";
import { agentDied } from "./fault.ts";
import { objectAt } from "./json.ts";
import type { Run } from "./run.ts";
import { isLast } from "./task.ts";

/** Answers a call with what `begin` makes a run do: with its events, or with the task when it rests. */
export function deliver(call: Call, run: Run, begin: () => void): void {
  if (isStreamed(call)) streamRun(call, run);
  else answerAtRest(call, run);
  begin();
}

/** What an encoder of this run writes into its events. */
export function settingOf(agent: Agent, run: Run): EncoderSetting {
  return {
    dialect: run.dialect,
    taskId: run.taskId,
    contextId: run.contextId,
    userId: run.userId,
    namespace: agent.namespace,
    agent: agent.definition.name,
    release: agent.definition.release,
    stream: agent.definition.stream ?? true,
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

/**
 * What a second subscriber sees: nothing from before on 0.3, a snapshot first on 1.0. Python 0.3 closes the second stream
 * without the event that ends the task.
 */
export function follow(call: Call, run: Run) {
  const { dialect } = run;
  beginStream(call, dialect);
  if (dialect.speaks === "1.0") writeEvent(call, run, snapshotOf(run));
  const hidesEnd = isPython(dialect) && dialect.speaks === "0.3";
  run.listen({
    event: (event) => (hidesEnd && isLast(event) ? undefined : writeEvent(call, run, event)),
    end: (how) => (how === "settled" ? call.outlet.end() : loseStream(call, run)),
  });
}

/** What a stream shows when the agent dies: the controller says so, an agent asked directly is just gone. */
function loseStream(call: Call, run: Run): void {
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
