import type { InputRequest, RequestItem } from "../../src/conversation/approval.ts";
import type { ApprovalConfig, Decider } from "../../src/conversation/policy.ts";

/** Everybody who clicks; `ana` asks in the first place, `bea` in the others. */
export const PEOPLE = {
  ana: person("ana", []),
  bea: person("bea", ["sre"]),
  cem: person("cem", ["sre"]),
  dan: person("dan", ["sre"], { manager: true }),
  eve: person("eve", ["dev"]),
  fox: person("fox", ["sre"], { manager: true, guildId: "elsewhere" }),
  bot: person("bot", ["sre"], { manager: true, bot: true }),
} as const;

export type Name = keyof typeof PEOPLE;
export const NAMES = ["ana", "bea", "cem", "dan", "eve", "fox", "bot"] as const;

/** How long people may take, in milliseconds. */
export const EXPIRY_MS = 600_000;

const TWO_OF_SRE = {
  agents: ["*"],
  clusters: ["*"],
  tools: ["*"],
  effect: "ask",
  roleIds: ["sre"],
  userIds: [],
  count: 2,
  distinctRoles: false,
  askerMayApprove: false,
  directMessages: false,
} as const;

/** Without rules, and with one that asks two people. */
export const CONFIGS = {
  managers: { rules: [], expiresAfterMs: EXPIRY_MS },
  "two-of-sre": { rules: [TWO_OF_SRE], expiresAfterMs: EXPIRY_MS },
} as const satisfies Record<string, ApprovalConfig>;

export type Config = keyof typeof CONFIGS;

/** Who may approve an operation, told once more and apart from the program. */
export function isEntitled(config: Config, name: Name, asker: Name): boolean {
  return config === "managers" ? name === "dan" : ["bea", "cem", "dan"].includes(name) && name !== asker;
}

/** So many different people must approve. */
export const NEEDED = { managers: 1, "two-of-sre": 2 } as const;

/** Who may answer a question: people of the server that is served. */
export function mayAnswer(name: Name): boolean {
  return name !== "fox" && name !== "bot";
}

/** The people whose clicks are enough in either configuration, wherever it was asked. */
export const ENOUGH = ["bea", "cem", "dan"] as const;

/**
 * The pauses of a task from its prompt: `o` an operation, `b` two, `q` a question, `m` an operation and a question; with `!` the
 * runtime refuses a second decision.
 */
export function planOf(prompt: string, taskId: string): readonly InputRequest[] {
  const [, kinds = "", mark = ""] = /^([obqm]+)(!?)/.exec(prompt) ?? [];
  return [...kinds].map((kind, at) => ({
    wire: "decision",
    taskId,
    contextId: "",
    refusesDoubles: mark === "!",
    asksAgain: false,
    items: itemsOf(kind, `${taskId}-${at}`),
  }));
}

function itemsOf(kind: string, id: string): readonly RequestItem[] {
  const operation = (index: number): RequestItem => ({
    kind: "operation",
    id: `${id}-o${index}`,
    callId: `${id}-c${index}`,
    tool: "k8s_scale",
    args: JSON.stringify({ replicas: index }),
  });
  const question: RequestItem = {
    kind: "questions",
    id: `${id}-q`,
    callId: `${id}-cq`,
    questions: [{ text: "Where?", choices: ["here", "there"], multiple: false }],
  };
  if (kind === "q") return [question];
  if (kind === "m") return [operation(0), question];
  return kind === "b" ? [operation(0), operation(1)] : [operation(0)];
}

function person(
  name: string,
  roleIds: readonly string[],
  { guildId = "g", manager = false, bot = false } = {},
): Decider {
  return { actor: { id: name, name, roleIds, bot, manager }, guildId };
}
