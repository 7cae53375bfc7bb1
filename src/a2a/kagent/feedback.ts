import type { AgentFeedback } from "../../conversation/feedback.ts";
import { failureOf } from "../call-error.ts";
import type { Rest } from "../rest.ts";

/**
 * Posts a vote to a controller; resolves with false where it has no such address, rejects with `CallError` otherwise.
 * A text is mandatory there. `message_id` is a row's number that no client learns, so the text names the turn, which finds
 * the bot's log line. A changed vote is a row of its own: none can be replaced.
 */
export async function sendFeedback(rest: Rest, url: string, feedback: AgentFeedback): Promise<boolean> {
  const { userId, turnId, vote, changed } = feedback;
  const body = {
    // Released controllers take it from here and not from the caller.
    user_id: userId,
    is_positive: vote === "up",
    feedback_text: `Thumbs ${vote} in Discord${changed ? ", changed" : ""} (turn ${turnId})`,
  };
  try {
    await rest.post(url, body, { "x-user-id": userId });
    return true;
  } catch (error) {
    const failure = failureOf(error);
    if (failure.kind === "http" && failure.status === 404) return false;
    throw error;
  }
}
