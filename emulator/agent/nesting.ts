import { type Settled, settled } from "./call-outcome.ts";
import { type Confirmation, pendingResult } from "./confirmation.ts";
import { type Dialect, isPython } from "./dialect.ts";
import type { JsonObject } from "./json.ts";
import type { SubagentRest, Subagents } from "./subagents.ts";
import type { ToolCall } from "./tool-call.ts";
import type { Verdict, Verdicts } from "./verdict.ts";

/**
 * What becomes of a call of a sub-agent that was decided about. On Go any rejection fails the whole call and never reaches the
 * sub-agent; the first Python release of 1.0 cannot pass anything on.
 */
export async function settleNested(
  confirmation: Confirmation,
  verdicts: Verdicts,
  dialect: Dialect,
  subagents: Subagents,
): Promise<Settled> {
  const { call, nested } = confirmation;
  const inner = nested?.confirmations.length ? nested.confirmations : [confirmation];
  const given = inner.map(({ id }) => verdicts.get(id) ?? { approved: false });
  const verdict = summary(given);
  if (!nested) return settled(call, verdict, {});
  if (isPython(dialect) && dialect.speaks === "1.0") {
    const result = `Remote agent '${nested.subagent}' resume failed: Validation failed`;
    return settled(call, verdict, { result });
  }
  if (!isPython(dialect) && !verdict.approved) {
    return settled(call, verdict, { error: `error tool "${call.name}" call is rejected` });
  }
  const rest = await subagents.decide(nested, verdicts);
  const outcome = toCall(call, rest, dialect, verdict);
  if (outcome !== "fails") return outcome;
  return settled(call, verdict, { result: rest.is === "away" ? rest.why : "" });
}

function summary(verdicts: readonly Verdict[]): Verdict {
  const reason = verdicts.find((one) => one.reason !== undefined)?.reason;
  const answers = verdicts.find((one) => one.answers !== undefined)?.answers;
  return {
    approved: verdicts.every(({ approved }) => approved),
    ...(reason === undefined ? {} : { reason }),
    ...(answers ? { answers } : {}),
  };
}

/** The result of a call of a sub-agent; one that is away fails the whole task of a Python caller. */
export function toCall(
  call: ToolCall,
  rest: SubagentRest,
  dialect: Dialect,
  verdict: Verdict = { approved: true },
): Settled | "fails" {
  const python = isPython(dialect);
  if (rest.is === "away") return python ? "fails" : settled(call, verdict, { error: rest.why });
  if (rest.is === "paused") {
    // Released Python told the session with the call.
    return settled(call, verdict, pendingResult(rest.pause, !python || dialect.speaks === "1.0"));
  }
  const usage: JsonObject =
    python && dialect.speaks === "0.3"
      ? { kagent_usage_metadata: { candidatesTokenCount: 21, promptTokenCount: 123, totalTokenCount: 144 } }
      : {};
  return settled(call, verdict, { result: rest.text, ...usage, subagent_session_id: rest.contextId });
}
