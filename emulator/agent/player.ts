import { randomUUID } from "node:crypto";
import { type Settled, settleCall } from "./call-outcome.ts";
import type { Confirmation, Pending } from "./confirmation.ts";
import type { Encoder } from "./encoder.ts";
import type { JsonObject } from "./json.ts";
import { settleNested, toCall } from "./nesting.ts";
import type { Run } from "./run.ts";
import type { Script, Step, Turn } from "./script.ts";
import { createSleeper } from "./sleeper.ts";
import { takeStep } from "./steps.ts";
import type { Subagents } from "./subagents.ts";
import { type GatedCall, type GatedOutcome, isQuestion, type ToolCall } from "./tool-call.ts";
import type { Verdicts } from "./verdict.ts";

/** A script at work on one task. */
export interface Player {
  /** Starts it. `hitl`: the client opted in to the extension for pauses, here and below. */
  play(turn: Turn, hitl: boolean): void;
  /** What it waits for; undefined while it does not wait. */
  pending(): Pending | undefined;
  /** Goes on after a decision. */
  decide(turn: Turn, verdicts: Verdicts, hitl: boolean): void;
  /** Goes on after words, where words were asked for. */
  answer(turn: Turn, hitl: boolean): void;
  /** The pause is lost: the task ends as a chat about `words`. */
  chat(turn: Turn, words: string, echoed: boolean): void;
  /** The task fails by a reply that cannot be used: with a sentence (Python) or none (Go); `started`: it says that it works first. */
  fail(turn: Turn, text: string | undefined, started: boolean): void;
  /** The task waits on, and can never be decided any more. */
  askAgain(): void;
  /** Carries out a decision that was carried out before, as an unguarded runtime does; resolves with the events. */
  repeat(turn: Turn, verdicts: Verdicts): Promise<readonly JsonObject[]>;
}

/** What a player works with. */
export interface PlayerParts {
  readonly run: Run;
  readonly script: Script;
  readonly encoder: Encoder;
  /** Divides every wait; 0 leaves them out. */
  readonly speed: number;
  readonly subagents: Subagents;
  /** A tool that had to be approved runs now. */
  readonly ran: (call: ToolCall) => void;
  /** A pause that stands already: a recorded one. */
  readonly pending?: Pending;
}

export function createPlayer(parts: PlayerParts): Player {
  const { run, script, encoder, speed, subagents } = parts;
  const sleeper = createSleeper();
  const outcomes = new Map<string, GatedOutcome>();
  let steps: ReturnType<Script> | undefined;
  let pending = parts.pending;
  let last = pending;

  const publish = (events: readonly JsonObject[]) => {
    for (const event of events) if (!sleeper.stopped) run.publish(event);
  };
  const finish = (events: readonly JsonObject[]) => {
    publish(events);
    if (!sleeper.stopped) run.settle("settled");
  };
  const start = (work: () => Promise<void>) => {
    pending = undefined;
    run.begin();
    run.onStop(() => sleeper.stop());
    work().catch((cause: unknown) => finish(encoder.fail(`script failed: ${String(cause)}`, "SCRIPT_ERROR")));
  };
  const waitFor = (text: string, confirmations: readonly Confirmation[], hitl: boolean) => {
    last = { confirmations, readable: hitl || run.dialect.speaks === "0.3" };
    pending = last;
    finish(encoder.pause(text, confirmations, hitl));
  };
  const waitForCalls = (text: string, calls: readonly GatedCall[], hitl: boolean) => {
    for (const { id, outcome } of calls) if (outcome) outcomes.set(id, outcome);
    if (calls.length > 0) publish(encoder.calls(calls));
    const confirmations = calls.map(({ id, name, args }) => ({
      id: `adk-${randomUUID()}`,
      call: { id, name, args },
    }));
    waitFor(text, confirmations, hitl);
  };

  /** Calls a sub-agent; undefined when the task rests: it waits, too, or failed with it. */
  const delegate = async (step: Extract<Step, { step: "delegate" }>, turn: Turn, hitl: boolean) => {
    const { name, contextId } = subagents.place(step.agent, run);
    const call = { ...step.call, name };
    publish(encoder.calls([call], contextId));
    const rest = await subagents.ask(step.agent, turnText(step.call), run);
    if (rest.is === "paused")
      return void waitFor("", [{ id: `adk-${randomUUID()}`, call, nested: rest.pause }], hitl);
    const outcome = toCall(call, rest, run.dialect);
    if (outcome === "fails")
      return void finish(encoder.fail(rest.is === "away" ? rest.why : "", "API_ERROR"));
    publish(encoder.results([outcome.result]));
    return { ...turn, decided: [outcome.decided] };
  };

  const proceed = async (turn: Turn, given: Turn | undefined, hitl: boolean): Promise<void> => {
    steps ??= script(turn);
    let reply = given;
    for (;;) {
      const next = await steps.next(reply);
      reply = undefined;
      if (next.done === true) return finish(encoder.end());
      const step = next.value;
      if (step.step === "pause") return waitForCalls(step.text, step.calls, hitl);
      if (step.step === "fail") return finish(encoder.fail(step.text, step.code));
      if (step.step === "delegate") {
        reply = await delegate(step, turn, hitl);
        if (!reply) return;
      } else await takeStep(step, { encoder, sleeper, publish, speed });
    }
  };

  const carryOut = async (confirmations: readonly Confirmation[], verdicts: Verdicts): Promise<Settled[]> => {
    const done: Settled[] = [];
    for (const one of confirmations) {
      if (one.nested) done.push(await settleNested(one, verdicts, run.dialect, subagents));
      else {
        const verdict = verdicts.get(one.id) ?? { approved: false };
        const outcome = outcomes.get(one.call.id);
        if (verdict.approved && !isQuestion(one.call)) parts.ran(one.call);
        if (verdict.approved && outcome?.ms && speed > 0) await sleeper.sleep(outcome.ms / speed);
        done.push(settleCall(one, verdict, run.dialect, outcome));
      }
    }
    return done;
  };

  return {
    play: (turn, hitl) =>
      start(() => {
        publish(encoder.begin(turn.message));
        return proceed(turn, undefined, hitl);
      }),
    pending: () => pending,
    decide(turn, verdicts, hitl) {
      const { confirmations = [] } = last ?? {};
      start(async () => {
        publish(encoder.resume(turn.message, true));
        const done = await carryOut(confirmations, verdicts);
        publish(encoder.results(done.map(({ result }) => result)));
        await proceed(turn, { ...turn, decided: done.map(({ decided }) => decided) }, hitl);
      });
    },
    answer: (turn, hitl) =>
      start(() => {
        publish(encoder.resume(turn.message, true));
        return proceed(turn, turn, hitl);
      }),
    chat: (turn, words, echoed) =>
      start(async () => {
        publish(encoder.resume(turn.message, echoed));
        const text = `You wrote: "${words}". Nothing was decided, so I go on without it.`;
        publish(encoder.delta(text));
        finish(encoder.end());
      }),
    fail: (turn, text, started) =>
      start(async () => {
        if (started) publish(encoder.resume(turn.message, false));
        finish(text === undefined ? [failedTask(run)] : encoder.reject(text));
      }),
    askAgain() {
      const { confirmations = [] } = last ?? {};
      start(async () => {
        last = { confirmations, readable: false };
        pending = last;
        finish(encoder.askAgain());
      });
    },
    async repeat(turn, verdicts) {
      const { confirmations = [] } = last ?? {};
      const own = confirmations.filter(({ nested }) => !nested);
      const done = await carryOut(own, verdicts);
      return [...encoder.resume(turn.message, true), ...encoder.results(done.map(({ result }) => result))];
    },
  };
}

/** Go tells the failure as the whole task. */
function failedTask({ task }: Run): JsonObject {
  const status = { state: "TASK_STATE_FAILED", timestamp: new Date().toISOString() };
  return { task: { ...task.toJson(), status } };
}

function turnText({ args }: ToolCall): string {
  return typeof args.request === "string" ? args.request : "";
}
