import { afterEach, describe, expect, test } from "vitest";
import { type Kagent, startKagent } from "../../../emulator/agent/kagent.ts";
import { createRecordings, type Exchange, type Recording } from "../../../emulator/agent/recordings.ts";
import { idsIn, post, recordedText, withoutIds } from "./raw-client.ts";

const recordings = createRecordings();
const started: Kagent[] = [];

afterEach(async () => {
  await Promise.all(started.splice(0).map((kagent) => kagent.stop()));
});

/** An agent of the recorded name that replays at once; any prompt gets the recording. */
async function replaying(recording: Recording): Promise<Kagent> {
  const through = /^\/api\/a2a\/kagent\/([^/]+)/.exec(recording.exchanges[0]?.request.path ?? "")?.[1];
  const agent = { name: through ?? "demo-agent", description: "replays", answer: () => recording, speed: 0 };
  const kagent = await startKagent(
    through === undefined
      ? {
          surface: "process",
          agents: [{ ...agent, speaks: recording.protocol, runtime: runtimeOf(recording) }],
        }
      : { agents: [{ ...agent, runtime: runtimeOf(recording) }] },
  );
  started.push(kagent);
  return kagent;
}

function runtimeOf(recording: Recording): "go" | "python" {
  return recording.runtime === "go" ? "go" : "python";
}

/** Sends what the recorded client sent, with the ids of this replay, and returns both answers without ids. */
async function converse(kagent: Kagent, exchanges: readonly Exchange[]): Promise<[string, string][]> {
  const ids = new Map<string, string>();
  const pairs: [string, string][] = [];
  for (const exchange of exchanges) {
    const { path, headers, body } = exchange.request;
    const known = [...ids].reduce(
      (text, [before, now]) => text.replaceAll(before, now),
      JSON.stringify(body),
    );
    const answer = await post(`${kagent.url}${path}`, known, headers);
    const [before, now] = [idsIn(recordedText(exchange)), idsIn(answer.text)];
    for (const [at, id] of before.entries()) if (!ids.has(id) && now[at]) ids.set(id, now[at]);
    pairs.push([withoutIds(answer.text), withoutIds(recordedText(exchange))]);
  }
  return pairs;
}

/** A prompt that starts a task and whose recorded answer does not depend on what somebody did meanwhile. */
function plainPrompt(recording: Recording): Exchange | undefined {
  const first = recording.exchanges.find(({ request }) =>
    /"method":"(message\/s|Send)/.test(JSON.stringify(request.body ?? null)),
  );
  const text = JSON.stringify(first?.request.body ?? null);
  const odd =
    !text.includes('"messageId"') || text.includes('"taskId"') || first?.request.headers.authorization;
  const whole = first?.response?.endMs !== undefined && first.droppedByClientMs === undefined;
  return odd || !whole || first.transportError !== undefined || recording.events.length > 0
    ? undefined
    : first;
}

describe.each(recordings.folders())("the prompts recorded in %s", (folder) => {
  test("are answered with the recorded bytes, but for the ids", { timeout: 60_000 }, async () => {
    const wrong: string[] = [];
    let compared = 0;
    for (const name of recordings.names(folder)) {
      const recording = recordings.read(folder, name);
      const first = plainPrompt(recording);
      if (!first || unusual.has(name)) continue;
      const kagent = await replaying(recording);
      const [pair] = await converse(kagent, [first]);
      if (pair?.[0] !== pair?.[1])
        wrong.push(`${name}: ${firstDifference(pair?.[0] ?? "", pair?.[1] ?? "")}`);
      await kagent.stop();
      compared += 1;
    }
    expect(wrong).toEqual([]);
    expect(compared).toBeGreaterThan(0);
  });
});

/** Conversations in which one request follows the other. */
const whole = new Set([
  ...[
    "plain",
    "plain_send",
    "plain_send_nonblocking",
    "long",
    "pretext",
    "read",
    "memory",
    "boom",
    "boom_send",
    "empty",
  ],
  ...["approve", "approve_send", "reject_reason", "batch_mixed", "ask_user", "twice", "nested_approve"],
  ...[
    "cancel_paused",
    "cancel_finished",
    "get_finished",
    "send_finished_task",
    "drop_resubscribe",
    "drop_poll",
  ],
  ...["resubscribe_finished", "resubscribe_paused", "wrong_context", "unknown_method"],
]);

function firstDifference(got: string, wanted: string): string {
  let at = 0;
  while (got[at] === wanted[at]) at += 1;
  return `at ${at}: ${got.slice(at - 40, at + 60)} <> ${wanted.slice(at - 40, at + 60)}`;
}

/** Cases about requests that no client would make, or whose stream was ended by a cancel. */
const unusual = new Set([
  "agent_5xx",
  "agent_down",
  "paths",
  "cancel_slow",
  "silent_cancel",
  "version_header",
  "v1_version_header",
  "v1_old_methods",
]);

/** The newest main starts a task for an id that it does not know, and nobody can tell which recording that would be. */
const conversationsIn = (folder: string) =>
  recordings
    .names(folder)
    .filter((name) => whole.has(name) && `${folder}/${name}` !== "go-main-a2a1/head/send_finished_task");
const withConversations = recordings.folders().filter((folder) => conversationsIn(folder).length > 0);

describe.each(withConversations)("the conversations recorded in %s", (folder) => {
  test("go on as recorded: replies, reads, cancels, second streams", async () => {
    const wrong: string[] = [];
    for (const name of conversationsIn(folder)) {
      const recording = recordings.read(folder, name);
      const kagent = await replaying(recording);
      const pairs = await converse(kagent, recording.exchanges);
      for (const [index, [got, wanted]] of pairs.entries()) {
        if (got !== wanted) wrong.push(`${name} ${index}: ${firstDifference(got, wanted)}`);
      }
      await kagent.stop();
    }
    expect(wrong).toEqual([]);
  });
});
