import type { Encoder } from "./encoder.ts";
import type { JsonObject } from "./json.ts";
import type { Pace, Step } from "./script.ts";
import type { Sleeper } from "./sleeper.ts";

/** What the steps of a script act on. */
export interface Stage {
  readonly encoder: Encoder;
  readonly sleeper: Sleeper;
  readonly publish: (events: readonly JsonObject[]) => void;
  readonly speed: number;
}

/** Takes a step that neither ends the run nor waits for others. */
export async function takeStep(
  step: Exclude<Step, { step: "pause" | "fail" | "delegate" }>,
  { encoder, sleeper, publish, speed }: Stage,
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
