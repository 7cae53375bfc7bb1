import { BridgeError, type ErrorCode } from "../conversation/errors.ts";
import { CallError, type Failure, isAgentAway, isVersionRefusal } from "./call-error.ts";

/** Who a sentence is about, and what else there is. */
export interface Subject {
  /** The agent's name. */
  readonly agent: string;
  /** Agents with a similar name. */
  readonly nearest: readonly string[];
}

/** What people are told when a call brought nothing. */
export function toBridgeError(error: unknown, subject: Subject): BridgeError {
  const failure: Failure = error instanceof CallError ? error.failure : { kind: "cut" };
  const [code, sentence] = sentenceFor(failure, subject);
  return new BridgeError(code, sentence, { cause: error });
}

/** What people are told when the list of agents cannot be read. */
export function listUnreadable(error: unknown): BridgeError {
  const { code } = toBridgeError(error, { agent: "kagent", nearest: [] });
  if (code === "kagent-unauthorized" || code === "answer-too-large") {
    const sentence = "kagent does not let me read its list of agents. Only an operator can repair this.";
    return new BridgeError(code, sentence, { cause: error });
  }
  const sentence = "kagent is not reachable, so its agents cannot be listed. Try again in a minute.";
  return new BridgeError("kagent-unreachable", sentence, { cause: error });
}

type Told = readonly [ErrorCode, string];

function sentenceFor(failure: Failure, subject: Subject): Told {
  switch (failure.kind) {
    case "unsent":
      return [
        "kagent-unreachable",
        "kagent is not reachable, so nothing was asked. Try again in a minute; if it stays so, tell an operator.",
      ];
    case "cut":
      return [
        "agent-unreachable",
        `The connection to \`${subject.agent}\` broke before it confirmed the question; it may or may not have arrived. Look at what it did, then try again.`,
      ];
    case "http":
      return sentenceForStatus(failure.status, subject);
    case "rpc":
      return sentenceForRpc(failure, subject);
    case "too-large":
      return [
        "answer-too-large",
        `\`${subject.agent}\` sent more than I can take. Ask for a shorter answer.`,
      ];
    case "unreadable":
      return [
        "agent-unsupported",
        `\`${subject.agent}\` answers in a way that I do not understand. Tell an operator to check its address.`,
      ];
  }
}

function sentenceForStatus(status: number, subject: Subject): Told {
  if (status === 404) return unknownAgent(subject);
  if (status === 401 || status === 403) {
    return ["kagent-unauthorized", "kagent did not accept my credentials. Only an operator can repair this."];
  }
  if (status === 413)
    return [
      "agent-refused",
      "The prompt with its files is too large for kagent. Send less, or smaller images.",
    ];
  if (status === 429)
    return ["agent-unreachable", "kagent takes no more requests for the moment. Try again in a minute."];
  if (status >= 500)
    return ["kagent-unreachable", "kagent, or a proxy before it, has a problem. Try again in a minute."];
  if (status >= 300 && status < 400) {
    return [
      "kagent-unreachable",
      "The configured address of kagent leads somewhere else, where I do not follow. An operator must correct it.",
    ];
  }
  return [
    "agent-refused",
    `\`${subject.agent}\` refused the request. Ask in other words; if it happens again, tell an operator.`,
  ];
}

function sentenceForRpc(failure: Failure & { readonly kind: "rpc" }, subject: Subject): Told {
  if (isAgentAway(failure) || /unexpected HTTP status: (404|50\d)/.test(failure.message)) {
    return [
      "agent-not-ready",
      `\`${subject.agent}\` is not ready: nothing answers for it. Try again when it runs.`,
    ];
  }
  if (isVersionRefusal(failure)) {
    return [
      "agent-unsupported",
      `\`${subject.agent}\` speaks no version of A2A that I know. Tell an operator.`,
    ];
  }
  if (/deadline exceeded|timed? ?out/i.test(failure.message)) {
    return ["agent-timeout", `\`${subject.agent}\` took too long to answer. Try again.`];
  }
  return [
    "agent-refused",
    `\`${subject.agent}\` did not take the prompt. Try again; if it happens again, start a fresh conversation.`,
  ];
}

function unknownAgent(subject: Subject): Told {
  const names = subject.nearest.map((name) => `\`${name}\``).join(", ");
  const hint = names === "" ? "Look at the list of agents." : `Did you mean ${names}?`;
  return ["agent-unknown", `There is no agent \`${subject.agent}\` here. ${hint}`];
}

/** What people are told when a run failed, from the agent's own words, which stay out of the sentence. */
export function runFailed(reason: string, agent: string): BridgeError {
  if (/^Tool '[^']*' does not require confirmation\.?$/.test(reason.trim()))
    return cannotResume(reason, agent);
  if (/no HITL request|function call not found for function response/i.test(reason))
    return forgotten(reason, agent);
  const found = REASONS.find(([pattern]) => pattern.test(reason));
  const sentence = found?.[1] ?? "could not finish. Try again, or ask in other words.";
  return new BridgeError("agent-failed", `\`${agent}\` ${sentence}`, {
    cause: new Error(reason.slice(0, 4000)),
  });
}

// Python 0.10.0 ends so after every decision.
function cannotResume(reason: string, agent: string): BridgeError {
  const sentence = `\`${agent}\` runs on a kagent version that cannot resume approvals; nothing was run. Upgrade kagent's Python runtime to 0.10.4 or later.`;
  return new BridgeError("decision-not-taken", sentence, { cause: new Error(reason.slice(0, 4000)) });
}

function forgotten(reason: string, agent: string): BridgeError {
  const sentence = `\`${agent}\` does not know any more what it was waiting for; nothing was run. Ask again.`;
  return new BridgeError("decision-not-taken", sentence, { cause: new Error(reason.slice(0, 4000)) });
}

/** What people are told when a decision did not get through to a sub-agent, as with Python 1.0.0a1. */
export function notResumed(agent: string): BridgeError {
  const sentence = `\`${agent}\` runs on a kagent version that cannot hand decisions on to other agents, so it went on without this one. An agent that still waits for it gets it directly, and its answer follows below. Upgrade kagent's Python runtime.`;
  return new BridgeError("decision-not-taken", sentence);
}

const REASONS: readonly (readonly [RegExp, string])[] = [
  [/\b429\b|rate.?limit/i, "hit the rate limit of its model. Try again in a minute."],
  [
    /context.?length|maximum context|too many tokens/i,
    "cannot hold this conversation any more. Start a fresh one.",
  ],
  [
    /fetching agent card|Remote agent/i,
    "could not reach another agent that it needs. Try again when that one runs.",
  ],
  [/session not found|\/api\/sessions/i, "lost this conversation. Start a fresh one."],
  [
    /error code: 40[13]|: 40[13] (Unauthorized|Forbidden)|invalid.api.key/i,
    "is not allowed to use its model. Tell an operator.",
  ],
  [
    /error code: 5\d\d|: 5\d\d |STREAM_ERROR|chat completion/i,
    "got an error from its model. Try again in a minute.",
  ],
  [/returned no content/i, "finished without an answer. Try to ask in other words."],
  [/execution timed out/i, "took longer than it may. Ask for less at once."],
];

/** The agent's own words without addresses, which may be internal. */
export function withoutAddresses(text: string): string {
  return text.replace(/\bhttps?:\/\/[^\s"'`<>\\]+/gi, "(address)");
}

/** What people are told when nothing moves a task any more; `silenceMs` in milliseconds. */
export function agentLost(agent: string, silenceMs: number, canceled: boolean): BridgeError {
  const minutes = Math.max(1, Math.round(silenceMs / 60_000));
  const stopped = canceled
    ? "I canceled what was left of it."
    : "It may have been lost, or still be going on.";
  const sentence = `\`${agent}\` stopped reporting: no sign of life from its run for a long time (${minutes} min at most). ${stopped} Try again.`;
  return new BridgeError("agent-lost", sentence);
}
