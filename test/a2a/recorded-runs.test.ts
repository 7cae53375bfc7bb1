import { expect, test } from "vitest";
import { createRecordings } from "../../emulator/agent/recordings.ts";
import type { AgentEvent } from "../../src/conversation/agent.ts";
import { agentRef, collect, directoryFor, outgoing, patient } from "./support/asking.ts";
import { answersTo, framesOf, replaying } from "./support/replay.ts";
import { rpcError, serve, stream } from "./support/server.ts";
import { answerText, turnOf } from "./support/transcript.ts";

const recordings = createRecordings();

async function ask(
  handler: Parameters<typeof serve>[0],
  protocol: "0.3" | "1.0",
): Promise<readonly AgentEvent[]> {
  const { url } = await serve(handler);
  const directory = directoryFor(url, { endpoint: { protocol }, limits: { silenceMs: 60_000 } });
  return collect(directory.agent(agentRef).send(outgoing({ contextId: "ctx" }), patient()));
}

const words = Array.from({ length: 80 }, (_, index) => `word${index + 1}`).join(" ");

const dropped = [
  "go-0.9.12/stream",
  "go-0.10.0-rc3/stream",
  "go-main-a2a1/stream",
  "python-0.9.12/stream",
  "python-0.10.4/stream",
  "python-1.0.0a1/stream",
  "controller-0.9.12-go",
  "controller-0.9.12-python",
  "controller-0.10.0-rc3-go",
  "controller-0.9.12-python/v1",
  "controller-0.10.0-rc3-go/v1",
];

test.each(dropped)("a dropped stream of %s comes back whole", async (folder) => {
  const recording = recordings.read(folder, "drop_resubscribe");
  const events = await ask(replaying(recording), recording.protocol);
  expect(events.at(-1)).toEqual({ kind: "over", outcome: "completed" });
  expect(answerText(turnOf(events))).toBe(`${words}.`);
});

test.each(["controller-0.9.12-go", "controller-0.9.12-python"])(
  "the cut after three minutes at %s costs nothing",
  async (folder) => {
    const recording = recordings.read(folder, "over_3min");
    const turn = turnOf(await ask(replaying(recording), recording.protocol));
    expect(turn.state).toBe("completed");
    expect(answerText(turn)).toMatch(/^word1 word2 .* word219 word220\.$/);
  },
);

const cut = ["go-0.10.0-rc3/stream", "python-0.10.4/stream", "go-main-a2a1/stream", "python-1.0.0a1/stream"];

test.each(cut)("%s cut at every event border gives the same answer", async (folder) => {
  const recording = recordings.read(folder, "pretext");
  const method = recording.protocol === "0.3" ? "message/stream" : "SendStreamingMessage";
  const frames = framesOf(answersTo(recording, method)[0]);
  const whole = turnOf(await ask(replaying(recording), recording.protocol));
  const replay = replaying(recording);
  expect(frames.length).toBeGreaterThan(10);
  const cuts = frames.slice(1, -1).map(async (_, index) => {
    const events = await ask((seen, response) => {
      if (seen.method === method) {
        stream(response).write(frames.slice(0, index + 1).join(""), () => response.destroy());
      } else if (/subscribe/i.test(seen.method)) {
        // One event is lost in between, and nothing comes to an end, as with Python.
        if (recording.protocol === "0.3") stream(response).end(frames.slice(index + 2, -1).join(""));
        else rpcError(response, -32001, "task not found");
      } else return replay(seen, response);
    }, recording.protocol);
    const turn = turnOf(events);
    expect(turn.state).toBe("completed");
    expect(answerText(turn), `cut after ${index + 1}`).toBe(answerText(whole));
    expect(turn.output.filter(({ kind }) => kind === "tool")).toEqual(
      whole.output.filter(({ kind }) => kind === "tool"),
    );
    expect(turn.usage).toEqual(whole.usage);
  });
  await Promise.all(cuts);
});

test.each(["go-0.10.0-rc3/stream", "python-0.10.4/stream", "go-main-a2a1/stream"])(
  "%s waits for a person in words",
  async (folder) => {
    const recording = recordings.read(folder, "batch_mixed");
    const events = await ask(replaying(recording), recording.protocol);
    const last = events.at(-1);
    expect(last?.kind === "waiting" && last.text).toMatch(
      /approval to run `(scale|delete)_thing`, `(scale|delete)_thing`/,
    );
  },
);

test("a Go agent behind a controller that was killed is given up with what it wrote", async () => {
  const recording = recordings.read("controller-0.9.12-go", "controller_killed");
  const turn = turnOf(await ask(replaying(recording), recording.protocol));
  expect(turn).toMatchObject({ state: "lost", problem: { code: "agent-lost" } });
  expect(answerText(turn)).toMatch(/^word1 word2/);
});
