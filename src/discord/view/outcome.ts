import type { Problem, Turn, TurnState } from "../../conversation/turn.ts";
import { countText, durationText, sinceText } from "./amounts.ts";
import { renderInline } from "./inline.ts";
import { codePointLength, oneLine, safeInline, shorten } from "./safe-text.ts";

const MAX_SENTENCE = 500;

/** How each state of a turn is told in one glyph and word. */
export const STATE_TEXTS: Readonly<Record<TurnState, string>> = {
  working: "⏳ working",
  waiting: "✋ waiting for a decision",
  completed: "✅ done",
  failed: "❌ failed",
  stopped: "⏹️ stopped",
  lost: "❔ lost",
};

/** What is going on besides the answer itself, in calm lines; empty where the answer speaks for itself. */
export function statusLines(turn: Turn, agent: string, hasOutput: boolean): readonly string[] {
  if (turn.state === "waiting" && turn.request) return hasOutput ? [] : ["-# ✋ asks people first"];
  if (turn.state !== "working") return [];
  if (turn.stopping) return ["-# ⏹️ stopping …"];
  if (turn.reconnecting) return [`-# ⏳ the connection to ${agent} was lost and is being picked up again`];
  if (hasOutput) return [];
  if (turn.leg > 0) return [`-# ⏳ ${agent} goes on`];
  return [`-# ⏳ ${agent} is working · since ${sinceText(turn.startedAt)}`];
}

/** What happened and what to do next, where a turn did not simply complete; empty otherwise. */
export function outcomeText(turn: Turn, hasOutput: boolean): string {
  switch (turn.state) {
    case "working":
      return "";
    case "completed":
      if (hasOutput || turn.files.length > 0) return "";
      return turn.earlier.some((item) => item.kind === "text")
        ? "The agent finished without saying more."
        : "The agent finished without an answer. Try to ask in other words.";
    case "waiting":
      return turn.request ? "" : "✋ Answer with your next message.";
    case "stopped":
      return turn.stillRunning
        ? "⏹️ Stopped showing this answer. The agent could not be stopped, so its run may still be going on."
        : "⏹️ Stopped. What was written so far is kept.";
    case "failed":
    case "lost":
      return problemText(turn);
  }
}

/** Who answered, how long it took, tools, tokens: `k8s-agent · 4.2 s · 3 tools · 1,234 tokens`. */
export function summary(turn: Turn, agent: string): string {
  const tools = [...turn.earlier, ...turn.output].filter((item) => item.kind === "tool").length;
  const active = activeMs(turn);
  return [
    agent,
    ...(active === undefined ? [] : [durationText(active)]),
    ...(tools === 0 ? [] : [countText(tools, "tool")]),
    ...(turn.usage ? [countText(turn.usage.totalTokens, "token")] : []),
  ].join(" · ");
}

/** How long an ended turn took in milliseconds, without the time in which it waited for people. */
export function activeMs({ startedAt, endedAt, waitedMs, waitingSince }: Turn): number | undefined {
  if (endedAt === undefined) return undefined;
  const unfinishedWait = waitingSince === undefined ? 0 : endedAt - waitingSince;
  return Math.max(0, endedAt - startedAt - waitedMs - unfinishedWait);
}

/** The answer goes on in a file: where, and how long all of it is. */
export function truncationLine(turn: Turn, answer: string): string {
  if (turn.state === "working") return "-# … and more: the whole answer comes as a file when it is complete";
  return `-# … the answer goes on in the attached answer.md (${countText(codePointLength(answer), "character")} in all)`;
}

function problemText(turn: Turn): string {
  const problem: Problem = turn.problem ?? {
    code: "agent-failed",
    sentence: "The agent could not finish. Try again.",
  };
  const sentence = renderInline(shorten(oneLine(problem.sentence), MAX_SENTENCE)).text;
  const { reference } = problem;
  return [
    `${turn.state === "lost" ? "❔" : "❌"} ${sentence}`,
    ...(turn.stillRunning ? ["The first run may still be going on at the agent."] : []),
    ...(reference === undefined ? [] : [`-# Reference: ${safeInline(shorten(reference, 64))}`]),
  ].join("\n");
}
