import type { Agent, Entry } from "./agent.ts";
import { type Call, isStreamed, refuse, writeEvent } from "./call.ts";
import { leavesOf, type Pending } from "./confirmation.ts";
import { hitlExtension } from "./confirmation-v1-0.ts";
import { isPython } from "./dialect.ts";
import { addPlayer, toTurn } from "./entries.ts";
import { type JsonObject, objectAt } from "./json.ts";
import { judge } from "./judge.ts";
import { isDecision } from "./judge-v0-3.ts";
import { type Judgement, type PausedTask, readPending } from "./judgement.ts";
import type { Effect } from "./ledger.ts";
import type { Player } from "./player.ts";
import { sameReply } from "./recorded-replies.ts";
import { deliverReplay } from "./replay-delivery.ts";
import { replyMessage } from "./reply-message.ts";
import type { Run } from "./run.ts";
import { say, script, type Turn } from "./script.ts";
import { answerAtRest, deliver, follow } from "./script-delivery.ts";
import { isQuestion } from "./tool-call.ts";
import { uniform, type Verdicts, wordFor } from "./verdict.ts";

/** A message for a task that waits for people: judged as the runtime does, and noted. */
export function handleReply(agent: Agent, call: Call, entry: Entry, message: JsonObject) {
  const { run } = entry;
  const task = pausedTask(agent, entry, pendingOf(entry));
  const { pending } = task;
  const judgement = judge(task, { message, userId: call.userId, hitl: call.hitl });
  const turn = toTurn(agent, message, run.userId, run.taskId, run.contextId);
  const asksInWords = pending.confirmations.length === 0 && entry.player !== undefined;
  if (asksInWords && judgement.is !== "refused") {
    note(agent, call, entry, "answered");
    run.prompts.push(turn.text);
    return deliver(call, run, () => entry.player?.answer(turn, call.hitl));
  }
  note(agent, call, entry, effectOf(judgement));
  const recorded = sameReply(entry, call, message, task, judgement);
  if (judgement.is === "refused" && !recorded) return refuse(call, run.dialect, judgement.refusal);
  entry.answered = pending;
  run.prompts.push(turn.text);
  if (recorded) {
    noteApproved(agent, entry, pending, judgement);
    return deliverReplay(agent, call, entry, recorded, message);
  }
  const player = playerOf(agent, entry, pending);
  deliver(call, run, () => act(player, turn, judgement, call.hitl, run));
}

function act(player: Player, turn: Turn, judgement: Judgement, hitl: boolean, { dialect }: Run) {
  if (judgement.is === "decided") return player.decide(turn, judgement.verdicts, hitl);
  if (judgement.is === "failed") return player.fail(turn, judgement.text, judgement.started);
  if (judgement.is === "refused") return;
  // Python's 1.0 line goes on waiting, for nothing that can still come.
  if (isPython(dialect) && dialect.speaks === "1.0") player.askAgain();
  else player.chat(turn, judgement.words, judgement.echoed);
}

/**
 * A message for a task that works: Go refuses it, Python's 1.0 line lets the caller listen, released Python carries out a
 * second decision like the first. The second stream has the events of both and no end.
 */
export function replyWhileRunning(agent: Agent, call: Call, entry: Entry, message: JsonObject) {
  const { run } = entry;
  if (!isPython(run.dialect)) {
    noteRefused(agent, call, entry, message);
    return refuse(call, run.dialect, { is: "busy" });
  }
  if (run.dialect.speaks === "1.0") {
    noteRefused(agent, call, entry, message);
    return isStreamed(call) ? follow(call, run) : answerAtRest(call, run);
  }
  if (!entry.answered) return refuse(call, run.dialect, { is: "busy" });
  const task = pausedTask(agent, entry, entry.answered);
  const judgement = judge(task, { message, userId: call.userId, hitl: call.hitl });
  if (judgement.is !== "decided") return refuse(call, run.dialect, { is: "busy" });
  note(agent, call, entry, "double");
  const turn = toTurn(agent, message, run.userId, run.taskId, run.contextId);
  void carryOutAgain(agent, call, entry, turn, judgement.verdicts);
}

async function carryOutAgain(agent: Agent, call: Call, entry: Entry, turn: Turn, verdicts: Verdicts) {
  const { run, player, answered } = entry;
  if (isStreamed(call)) follow(call, run);
  else answerAtRest(call, run);
  if (!player && answered) return noteApproved(agent, entry, answered, { is: "decided", verdicts });
  for (const event of (await player?.repeat(turn, verdicts)) ?? []) {
    run.store(event);
    if (isStreamed(call)) writeEvent(call, run, event);
  }
}

/** A message for a task that is over or busy, where it is a decision. */
export function noteRefused(agent: Agent, call: Call, entry: Entry, message: JsonObject): void {
  const extension = objectAt(message, "metadata")[hitlExtension];
  if (isDecision(message) || extension !== undefined) note(agent, call, entry, "refused");
}

/** A decision made without a client, as in kagent's own interface; or words, which lose the pause. */
export type Elsewhere =
  | { readonly approved: boolean; readonly reason?: string }
  | { readonly answers: readonly (readonly string[])[] }
  | { readonly words: string };

/** Throws when the task does not wait. */
export function decideElsewhere(agent: Agent, taskId: string, choice: Elsewhere): void {
  const entry = agent.entries.get(taskId);
  if (!entry || entry.run.live() || entry.run.task.state() !== "input-required") {
    throw new Error(`task ${taskId} of ${agent.definition.name} waits for nothing`);
  }
  const { run } = entry;
  const pending = pendingOf(entry);
  const verdict = "answers" in choice ? { approved: true, answers: choice.answers } : choice;
  const verdicts = "words" in verdict ? undefined : uniform(leavesOf(pending.confirmations), verdict);
  const did = verdicts ? wordFor(verdicts) : "burned";
  agent.note({ taskId, from: "elsewhere", body: "", did, userId: run.userId });
  const turn = toTurn(agent, replyMessage(run, did), run.userId, taskId, run.contextId);
  const player = playerOf(agent, entry, pending);
  entry.answered = pending;
  if (verdicts) player.decide(turn, verdicts, true);
  else if ("words" in choice) player.chat(turn, choice.words, false);
}

function pendingOf({ run, player }: Entry): Pending {
  return player?.pending() ?? readPending(run.task.toJson());
}

function pausedTask(agent: Agent, { run, replay }: Entry, pending: Pending): PausedTask {
  const { dialect, contextId, userId } = run;
  const release = replay?.recording.version ?? agent.definition.release;
  return { dialect, contextId, userId, release, pending };
}

/** A recorded pause that is not answered as it was recorded goes on all the same. */
function playerOf(agent: Agent, entry: Entry, pending: Pending): Player {
  return entry.player ?? addPlayer(agent, entry, afterRecording, pending);
}

const afterRecording = script(say("That is decided, and I am done."));

function note(agent: Agent, call: Call, { run }: Entry, did: Effect): void {
  const { body, userId } = call;
  agent.note({ taskId: run.taskId, from: "client", body, did, userId });
}

function effectOf(judgement: Judgement): Effect {
  if (judgement.is === "decided") return wordFor(judgement.verdicts);
  return judgement.is === "words" ? "burned" : judgement.is;
}

/** The recorded tools ran when they were recorded; for the ledger they run now. */
function noteApproved(agent: Agent, { run }: Entry, { confirmations }: Pending, judgement: Judgement): void {
  if (judgement.is !== "decided") return;
  for (const { id, call } of leavesOf(confirmations)) {
    if (judgement.verdicts.get(id)?.approved && !isQuestion(call)) agent.ran(run, call);
  }
}
