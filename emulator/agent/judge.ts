import { judgeV03 } from "./judge-v0-3.ts";
import { judgeV10 } from "./judge-v1-0.ts";
import type { Judgement, PausedTask, Reply } from "./judgement.ts";

/** What the runtime makes of a reply to a task that waits for people. Pure. */
export function judge(task: PausedTask, reply: Reply): Judgement {
  return task.dialect.speaks === "0.3" ? judgeV03(task, reply) : judgeV10(task, reply);
}
