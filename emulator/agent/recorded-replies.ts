import type { Entry } from "./agent.ts";
import type { Call } from "./call.ts";
import { leavesOf, type Pending } from "./confirmation.ts";
import { hitlExtension } from "./confirmation-v1-0.ts";
import { isObject, type JsonObject, objectAt, parseJson, textAt } from "./json.ts";
import { judge } from "./judge.ts";
import type { Judgement, PausedTask } from "./judgement.ts";
import type { Exchange } from "./recordings.ts";
import { laterCalls, type Replay } from "./replay.ts";
import { recordedBody } from "./substitution.ts";

/** What the recorded client sent next to this task, in the same context or likewise in none. */
export function recordedCalls({ run, replay }: Entry, call: Call, message: JsonObject): Exchange[] {
  if (!replay || run.live() || replay.wire !== call.wire) return [];
  const contextId = textAt(message, "contextId");
  return laterCalls(replay, run.taskId, ["stream", "send"]).filter((exchange) => {
    const asked = textAt(recordedMessage(exchange), "contextId");
    return (asked === undefined ? undefined : (replay.ids.get(asked) ?? asked)) === contextId;
  });
}

/** The recorded reply to this pause that means the same as the one at hand, whatever its form and its texts. */
export function sameReply(
  entry: Entry,
  call: Call,
  message: JsonObject,
  task: PausedTask,
  judgement: Judgement,
): Exchange | undefined {
  const { replay } = entry;
  if (!replay) return undefined;
  const wanted = meaning(judgement, task.pending);
  return recordedCalls(entry, call, message).find((exchange) => {
    const recorded = translated(replay, recordedMessage(exchange));
    const user = exchange.request.headers["x-user-id"] ?? "";
    const hitl = exchange.request.headers["a2a-extensions"]?.includes(hitlExtension) === true;
    const reply = { message: recorded, userId: replay.ids.get(user) ?? task.userId, hitl };
    return meaning(judge(task, reply), task.pending) === wanted;
  });
}

function recordedMessage(exchange: Exchange): JsonObject {
  return objectAt(objectAt(recordedBody(exchange), "params"), "message");
}

function translated({ ids }: Replay, message: JsonObject): JsonObject {
  const text = [...ids].reduce((sum, [before, now]) => sum.replaceAll(before, now), JSON.stringify(message));
  const read = parseJson(text);
  return isObject(read) ? read : {};
}

/** What is approved, or what else became of the pause. */
function meaning(judgement: Judgement, { confirmations }: Pending): string {
  if (judgement.is !== "decided") return judgement.is;
  const { verdicts } = judgement;
  return leavesOf(confirmations)
    .map(({ id }) => {
      const verdict = verdicts.get(id);
      return verdict?.approved ? (verdict.answers ? "answered" : "approved") : "rejected";
    })
    .join();
}
