import type { Encoder } from "./encoder.ts";
import type { JsonObject } from "./json.ts";
import type { Run } from "./run.ts";
import type { Pace, Script, Step, Turn } from "./script.ts";
import { createSleeper, type Sleeper } from "./sleeper.ts";

/** A script at work on one task. */
export interface Player {
  /** Starts it, or resumes it after a pause with the reply. */
  play(turn: Turn): void;
}

/** `speed` divides every wait; 0 leaves them out. */
export function createPlayer(run: Run, script: Script, encoder: Encoder, speed: number): Player {
  const sleeper = createSleeper();
  let steps: ReturnType<Script> | undefined;

  const publish = (events: readonly JsonObject[]) => {
    for (const event of events) if (!sleeper.stopped) run.publish(event);
  };
  const perform = async (turn: Turn) => {
    const resumed = steps !== undefined;
    steps ??= script(turn);
    publish(encoder.begin(turn.message, resumed));
    let next = await (resumed ? steps.next(turn) : steps.next());
    for (;;) {
      if (next.done === true) return finish(encoder.end());
      const step = next.value;
      if (step.step === "pause") return finish(encoder.pause(step.text, step.call));
      if (step.step === "fail") return finish(encoder.fail(step.text, step.code));
      await takeStep(step, encoder, sleeper, publish, speed);
      next = await steps.next();
    }
  };
  const finish = (events: readonly JsonObject[]) => {
    publish(events);
    if (!sleeper.stopped) run.settle("settled");
  };

  return {
    play(turn) {
      run.begin();
      run.onStop(() => sleeper.stop());
      perform(turn).catch((cause: unknown) =>
        finish(encoder.fail(`script failed: ${String(cause)}`, "SCRIPT_ERROR")),
      );
    },
  };
}

async function takeStep(
  step: Exclude<Step, { step: "pause" | "fail" }>,
  encoder: Encoder,
  sleeper: Sleeper,
  publish: (events: readonly JsonObject[]) => void,
  speed: number,
): Promise<void> {
  switch (step.step) {
    case "text":
      return giveText(step.text, step.pace, (token) => publish(encoder.delta(token)), sleeper, speed);
    case "thought":
      return publish(encoder.thought(step.text));
    case "calls":
      return publish(encoder.calls(step.calls));
    case "results":
      return publish(encoder.results(step.results));
    case "file":
      return encoder.file(step.file);
    case "usage":
      return encoder.usage(step.prompt, step.candidates);
    case "wait":
      return step.ms === 0 || speed === 0 ? undefined : sleeper.sleep(step.ms / speed);
    case "silence":
      return new Promise(() => {});
  }
}

/** The shortest wait between tokens, ms: faster ones leave together, as they do in a busy network. */
const breath = 5;

/** Tokens are due on a fixed grid from the start, so that late timers do not add up to a slower rate. */
async function giveText(
  text: string,
  { tokensPerSecond, tokenSize = 4 }: Pace,
  give: (token: string) => void,
  sleeper: Sleeper,
  speed: number,
): Promise<void> {
  const every = tokensPerSecond === undefined || speed === 0 ? 0 : 1000 / tokensPerSecond / speed;
  const started = performance.now();
  for (const [index, token] of toTokens(text, tokenSize).entries()) {
    const early = started + index * every - performance.now();
    if (every > 0 && early > 0) await sleeper.sleep(Math.max(early, breath));
    give(token);
  }
}

function toTokens(text: string, size: number): string[] {
  const points = [...text];
  const tokens: string[] = [];
  for (let at = 0; at < points.length; at += size) tokens.push(points.slice(at, at + size).join(""));
  return tokens;
}
