import { afterEach, describe, expect, test } from "vitest";
import type { AgentDefinition } from "../../../emulator/agent/agent.ts";
import { type Kagent, startKagent } from "../../../emulator/agent/kagent.ts";
import { createRecordings, type Exchange, type Recording } from "../../../emulator/agent/recordings.ts";
import { delegate, pause, type Script, say, type Turn } from "../../../emulator/agent/script.ts";
import { askUser, operation } from "../../../emulator/agent/tool-call.ts";
import { outlineOf } from "./outline.ts";
import { idsIn, post, recordedText } from "./raw-client.ts";

const recordings = createRecordings();
const started: Kagent[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((kagent) => kagent.stop()));
});

const scale = () => operation("scale_thing", { name: "alpha", replicas: 4 }, { output: "scaled alpha" });
const scaleBeta = () => operation("scale_thing", { name: "beta", replicas: 2 }, { output: "scaled beta" });
const remove = () => operation("delete_thing", { name: "beta" }, { output: "deleted beta" });
const where = { question: "Which namespace?", choices: ["shop", "shop-staging"], multiple: false };
const questions = [
  where,
  { question: "Which checks should I run?", choices: ["logs", "events", "mTLS"], multiple: true },
  { question: "Anything else I should know?", choices: [], multiple: false },
];

const answer = (turn: Turn | undefined, word: string) => {
  const results = turn?.decided?.map(({ result }) => result).join("\n") ?? "";
  return say(`The tool answered: ${results}\n\nThat is everything for "${word}".`);
};

/** What the model behind the recordings does, by the first word that it knows. */
const model: Script = function* ({ text }) {
  const [word = "", rest = ""] = text.split(" ");
  if (word === "scale") {
    yield say("I will scale alpha to 4.");
    yield answer(yield pause("", scale()), word);
  } else if (word === "two") {
    yield say("Two changes are needed.");
    yield answer(yield pause("", [scale(), remove()]), word);
  } else if (word === "ask") yield answer(yield pause("", askUser(questions)), word);
  else if (word === "mixed") yield answer(yield pause("", [askUser([where]), scale()]), word);
  else if (word === "twice") {
    yield pause("", scale());
    yield answer(yield pause("", scaleBeta()), word);
  } else if (word === "child") yield answer(yield delegate("child-agent", rest), word);
  else yield say("Here is what I found.");
};

const cases = [
  ...["approve", "approve_batch_single", "approve_send", "reject", "reject_reason", "twice"],
  ...["batch_mixed", "batch_approve_all", "batch_reject_all", "batch_missing_id", "batch_wrong_key"],
  ...["ask_user", "ask_user_short", "ask_user_reject", "ask_user_plain_approve"],
  ...["mixed_batch", "mixed_answers", "mixed_both", "free_text_while_paused"],
  ...["nested_approve", "nested_reject", "nested_batch", "nested_batch_single", "nested_ask", "nested_twice"],
  ...["wrong_decision_type", "deny_decision_type", "new_message_while_paused", "wrong_context"],
  ...["other_user_approve", "double_decision", "cancel_paused", "resubscribe_paused"],
  ...["v1_no_extension", "v1_old_decision", "v1_reply_without_header", "v1_unknown_id", "v1_call_id"],
  ...["v1_empty_approvals", "v1_ask_decline", "v1_ask_empty_answers", "v1_free_text_with_extension"],
];

function agentsFor(folder: string, { runtime, protocol }: Recording): AgentDefinition[] {
  const [, version = ""] = /^\w+-([^/]+)/.exec(folder) ?? [];
  const common: Omit<AgentDefinition, "name"> = {
    description: "does what the recorded model did",
    runtime: runtime === "go" ? "go" : "python",
    speaks: protocol,
    stream: folder.endsWith("/stream"),
    release: folder.endsWith("/head") ? "head" : version,
    answer: () => model,
  };
  return [
    { ...common, name: "demo-agent" },
    { ...common, name: "child-agent" },
  ];
}

/** Sends what was recorded, with the ids of this run, and returns both answers in outline. */
async function converse(kagent: Kagent, exchanges: readonly Exchange[]): Promise<[unknown, unknown][]> {
  const ids = new Map<string, string>();
  const pairs: [unknown, unknown][] = [];
  for (const { request, ...exchange } of exchanges) {
    const body = [...ids].reduce(
      (text, [before, now]) => text.replaceAll(before, now),
      JSON.stringify(request.body),
    );
    const left = exchange.droppedByClientMs === undefined ? undefined : /./;
    const reply = await post(`${kagent.url}${request.path}`, body, request.headers, left);
    const before = outlineOf(recordedText({ request, ...exchange }));
    const now = outlineOf(reply.text);
    for (const [at, id] of idsIn(before.raw).entries()) {
      const own = idsIn(now.raw)[at];
      if (own !== undefined && !ids.has(id)) ids.set(id, own);
    }
    if (left === undefined) pairs.push([now.outline, before.outline]);
  }
  return pairs;
}

const folders = recordings.folders().filter((folder) => !/controller|langgraph/.test(folder));

describe.each(folders)("pauses as a script makes them, in the words of %s", (folder) => {
  const names = cases.filter((name) => recordings.names(folder).includes(name));

  test.each(names)("%s goes as it was recorded", async (name) => {
    const recording = recordings.read(folder, name);
    const kagent = await startKagent({
      surface: "process",
      speed: 0,
      agents: agentsFor(folder, recording),
    });
    started.push(kagent);
    for (const [got, wanted] of await converse(kagent, recording.exchanges)) expect(got).toEqual(wanted);
  });
});
