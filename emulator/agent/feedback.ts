import { isObject, type JsonObject, parseJson } from "./json.ts";
import type { SeenRequest } from "./request.ts";
import { json, type RestAnswer, wrongMethod } from "./rest.ts";

/** A stored opinion on an answer. */
export interface SeenFeedback {
  readonly userId: string;
  readonly positive: boolean;
  readonly text: string;
}

/** What a controller keeps of opinions. */
export interface FeedbackBook {
  readonly entries: readonly SeenFeedback[];
  answer(request: SeenRequest, userId: string): RestAnswer;
}

/** `/api/feedback` of released controllers: whose it is stands in the body, and only a text is mandatory. */
export function createFeedbackBook(noted: () => void): FeedbackBook {
  const entries: SeenFeedback[] = [];

  function store({ body }: SeenRequest): RestAnswer {
    const value = parseJson(body);
    if (!isObject(value)) return refused("Invalid feedback data format");
    const { user_id: userId = "", is_positive: positive = false, feedback_text: text = "" } = value;
    const isTyped = typeof userId === "string" && typeof positive === "boolean" && typeof text === "string";
    // A number of a database row.
    const { message_id: messageId = 0 } = value;
    if (!isTyped || typeof messageId !== "number") return refused("Invalid feedback data format");
    if (text === "") return refused("Missing required field: feedbackText");
    entries.push({ userId, positive, text });
    noted();
    return json(200, { error: false, data: {}, message: "Feedback submitted successfully" });
  }

  function list(userId: string): RestAnswer {
    const own = entries.filter((one) => one.userId === userId);
    const data = own.map((one, index) => ({
      ID: index + 1,
      user_id: one.userId,
      is_positive: one.positive,
      feedback_text: one.text,
    }));
    const found: JsonObject = data.length === 0 ? {} : { data };
    return json(200, { error: false, ...found, message: "Successfully listed feedback" });
  }

  return {
    entries,
    answer(request, userId) {
      if (request.method === "POST") return store(request);
      return request.method === "GET" ? list(userId) : wrongMethod;
    },
  };
}

function refused(error: string): RestAnswer {
  return json(400, { error });
}
