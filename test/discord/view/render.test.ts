import { describe, expect, test } from "vitest";
import type { AgentEvent } from "../../../src/conversation/agent.ts";
import { failedWith, stopped, stopRequested, type Turn } from "../../../src/conversation/turn.ts";
import { type RenderOptions, renderTurn } from "../../../src/discord/view/render.ts";
import { codePointLength } from "../../../src/discord/view/safe-text.ts";
import { aTurn, COMPLETED, calls, returns, START, says } from "./a-turn.ts";

function view(turn: Turn, options: Partial<RenderOptions> = {}) {
  return renderTurn(turn, { agentLabel: (agent) => agent.name, ...options });
}

function read(turn: Turn, options: Partial<RenderOptions> = {}): string {
  return view(turn, options)
    .messages.map((message) => message.content)
    .join("\n=====\n");
}

describe("a working turn", () => {
  test("with nothing to show says calmly that it works, and has a Stop button", () => {
    const { messages } = view(aTurn());
    expect(messages).toEqual([
      {
        content: "-# ⏳ k8s-agent is working · since <t:1700000000:R>",
        files: [],
        buttons: [{ label: "Stop", customId: "stop:turn1", style: "secondary", emoji: "⏹️" }],
      },
    ]);
    expect(view(aTurn(), { stopButton: false }).messages[0]?.buttons).toEqual([]);
  });

  test("shows its tools where they are called, each on one line", () => {
    const turn = aTurn(
      [100, says("Let me look.")],
      [200, calls("a", "k8s_get_resources", { resource_type: "pods", namespace: "shop" })],
      [1400, returns("a")],
      [1500, calls("b", "promql", { request: "cpu of checkout" }, { subagent: "kagent/promql-agent" })],
      [1600, calls("c", "helm_list")],
      [1700, returns("c", false)],
    );
    expect(read(turn)).toBe(
      [
        "Let me look.",
        "-# ✓ k8s\\_get\\_resources · pods in shop · 1.2 s",
        "-# … kagent/promql-agent · cpu of checkout · since <t:1700000001:R>",
        "-# ✗ helm\\_list · 0.1 s",
      ].join("\n"),
    );
  });

  test("folds tools when text follows them", () => {
    const turn = aTurn(
      [0, calls("a", "one")],
      [0, calls("b", "two")],
      [900, returns("a")],
      [900, returns("b")],
      [1000, says("Found it")],
    );
    expect(read(turn)).toBe("-# ✓ 2 tools · 0.9 s · one, two\nFound it");
  });

  test("says when the connection is being picked up again, and when it is being stopped", () => {
    const turn = aTurn([0, says("text")], [1, { kind: "connection", connected: false }]);
    expect(read(turn)).toBe("text\n-# ⏳ the connection to k8s-agent was lost and is being picked up again");
    const stopping = view(stopRequested(turn)).messages[0];
    expect(stopping?.content).toBe("text\n-# ⏹️ stopping …");
    expect(stopping?.buttons).toEqual([]);
  });

  test("keeps its breaks when tools come, finish and fold", () => {
    const text = "A sentence of the answer that is long enough. ".repeat(100);
    const during = aTurn([0, calls("a", "one")], [1, returns("a")], [2, says(text)]);
    const more = aTurn([0, calls("a", "one")], [1, returns("a")], [2, says(text)], [3, calls("b", "two")]);
    const after = aTurn([0, calls("a", "one")], [1, returns("a")], [2, says(text)], [9, COMPLETED]);
    const breaks = (turn: Turn) =>
      view(turn).messages.map(({ content }) => content.replaceAll(/\n?-#.*\n?/g, "").trim());
    expect(breaks(more)).toEqual(breaks(during));
    expect(breaks(after)).toEqual(breaks(during));
  });
});

describe("a completed turn", () => {
  test("ends with who answered, the time, tools and tokens, and folds its tools into one line", () => {
    const turn = aTurn(
      [0, says("Let me look.", "s1")],
      [100, calls("a", "get")],
      [1300, returns("a")],
      [1400, says("Once more.", "s2")],
      [1500, calls("b", "get")],
      [3500, returns("b")],
      [3600, { kind: "usage", usage: { inputTokens: 1000, outputTokens: 234, totalTokens: 1234 } }],
      [3700, says("All fine.", "s3")],
      [4200, COMPLETED],
    );
    expect(read(turn)).toBe(
      "Let me look.\n-# ✓ 2 tools · 3.2 s · get ×2\n\nOnce more.\n\nAll fine.\n-# k8s-agent · 4.2 s · 2 tools · 1,234 tokens",
    );
    expect(view(turn).messages[0]?.buttons).toEqual([]);
    expect(view(turn).closing).toBeUndefined();
  });

  test("that took long ends with a fresh message, which pings the asker only where wanted", () => {
    const turn = aTurn([0, says("Done.")], [42_000, COMPLETED]);
    expect(read(turn)).toBe("Done.");
    expect(view(turn).closing).toEqual({ content: "-# ✅ done · k8s-agent · 42 s" });
    expect(view(turn, { notify: true }).closing).toEqual({
      content: "<@42>\n-# ✅ done · k8s-agent · 42 s",
      pingUserId: "42",
    });
    expect(view(turn, { longTurnMs: 60_000 }).closing).toBeUndefined();
  });

  test("without a word says so", () => {
    expect(read(aTurn([10, COMPLETED]))).toBe(
      "The agent finished without an answer. Try to ask in other words.\n-# k8s-agent · 10 ms",
    );
  });

  test("does not let an unclosed block swallow what follows", () => {
    const turn = aTurn([0, says("```sh\nls", "s1")], [1, says("After.", "s2")], [2, COMPLETED]);
    expect(read(turn)).toBe("```sh\nls\n```\n\nAfter.\n-# k8s-agent · 2 ms");
  });

  test("puts the end line into a message of its own where it does not fit", () => {
    const turn = aTurn([0, says("x".repeat(1985))], [1, COMPLETED]);
    expect(view(turn).messages.map((message) => message.content)).toEqual([
      "x".repeat(1985),
      "-# k8s-agent · 1 ms",
    ]);
  });
});

describe("a long answer", () => {
  const text = Array.from({ length: 900 }, (_, index) => `Sentence number ${index} of the answer.`).join(" ");

  test("fills eight messages and goes on in an attached file", () => {
    const { messages } = view(aTurn([0, says(text)], [1, COMPLETED]));
    expect(messages).toHaveLength(8);
    for (const { content } of messages) expect(codePointLength(content)).toBeLessThanOrEqual(2000);
    const last = messages.at(-1);
    expect(last?.content).toContain(
      "-# … the answer goes on in the attached answer.md (31,389 characters in all)",
    );
    expect(last?.files.map((file) => file.name)).toEqual(["answer.md"]);
    expect(new TextDecoder().decode(last?.files[0]?.bytes)).toBe(text);
  });

  test("while it grows says that a file will come", () => {
    const { messages } = view(aTurn([0, says(text)]));
    expect(messages).toHaveLength(8);
    expect(messages.at(-1)?.content).toContain("-# … and more: the whole answer comes as a file");
    expect(messages.at(-1)?.files).toEqual([]);
  });

  test("has as many messages as are allowed", () => {
    expect(view(aTurn([0, says(text)]), { maxMessages: 3 }).messages).toHaveLength(3);
  });

  test("costs in proportion to its length", () => {
    const time = (repeat: number) => {
      const turn = aTurn([0, says(`${text}\n\n| a | b |\n|---|---|\n| \`1\` | **2** |\n\n`.repeat(repeat))]);
      // Of the processor: on a busy machine the clock runs on.
      const before = process.cpuUsage();
      view(turn, { maxMessages: 10_000 });
      return process.cpuUsage(before).user / 1_000;
    };
    time(3);
    expect(time(30)).toBeLessThan(Math.max(40 * time(3), 1_000));
  });
});

describe("files of the agent", () => {
  const file = (name: string, size = 3): AgentEvent => ({
    kind: "file",
    file: { name, mediaType: "text/plain", bytes: new Uint8Array(size) },
  });

  test("are attached at the end under safe names", () => {
    const turn = aTurn([0, says("Here.")], [1, file("../a\u202etxt.exe")]);
    expect(view(turn).messages[0]?.files).toEqual([]);
    const over = aTurn([0, says("Here.")], [1, file("../a\u202etxt.exe")], [2, COMPLETED]);
    expect(view(over).messages[0]?.files.map(({ name }) => name)).toEqual(["atxt.exe"]);
  });

  test("that are too large for Discord are named instead", () => {
    const turn = aTurn([0, says("Here.")], [1, file("big.bin", 2048)], [2, file("ok.txt")], [3, COMPLETED]);
    const [message] = view(turn, { maxFileBytes: 1024 }).messages;
    expect(message?.content).toContain(
      "-# ⚠️ not attached, because Discord takes at most 1 KiB a file: big.bin (2 KiB)",
    );
    expect(message?.files.map(({ name }) => name)).toEqual(["ok.txt"]);
  });

  test("beyond ten need further messages", () => {
    const files = Array.from({ length: 12 }, (_, index): readonly [number, AgentEvent] => [
      1,
      file(`${index}.txt`),
    ]);
    const { messages } = view(aTurn([0, says("Here.")], ...files, [2, COMPLETED]));
    expect(messages.map((message) => message.files.length)).toEqual([10, 2]);
  });
});

describe("a turn that does not simply complete", () => {
  const RETRY = [{ label: "Try again", customId: "retry:turn1", style: "secondary", emoji: "🔁" }];

  test("keeps what was written and says what happened and what to do", () => {
    const turn = failedWith(
      aTurn([0, says("I found **three")]),
      {
        code: "agent-failed",
        sentence: "The model did not answer. Try again.",
        detail: "500: {'error': <@1>}",
        reference: "ab12",
      },
      false,
      START + 900,
    );
    expect(read(turn)).toBe(
      [
        "I found **three",
        "",
        "❌ The model did not answer. Try again.",
        "-# Reference: ab12",
        "-# k8s-agent · 0.9 s",
      ].join("\n"),
    );
    expect(view(turn).messages[0]?.buttons).toEqual(RETRY);
  });

  test("never shows the agent's raw words: they are in the log, under the reference", () => {
    const turn = aTurn([5, { kind: "over", outcome: "failed", text: "Error code: 500 - {'error': 1}" }]);
    expect(read(turn)).toBe(
      [
        "❌ The agent could not finish. Try again, or ask in other words.",
        "-# Reference: turn1",
        "-# k8s-agent · 5 ms",
      ].join("\n"),
    );
  });

  test("says when the first run may still be going on", () => {
    const lost = aTurn([5, { kind: "over", outcome: "lost" }]);
    expect(read(lost)).toContain("❔ The agent stopped reporting");
    expect(read(lost)).toContain("The first run may still be going on at the agent.");
    const halted = stopped(aTurn([0, says("Half")]), true, START + 10);
    expect(read(halted)).toContain("The agent could not be stopped, so its run may still be going on.");
    expect(view(halted).messages[0]?.buttons).toEqual(RETRY);
  });

  test("that was stopped says so", () => {
    expect(read(stopped(aTurn([0, says("Half")]), false, START + 10))).toBe(
      "Half\n\n⏹️ Stopped. What was written so far is kept.\n-# k8s-agent · 10 ms",
    );
  });

  test("that waits for a plain answer shows the question and how to answer", () => {
    const turn = aTurn(
      [0, says("I need your word.")],
      [1, { kind: "waiting", text: "Scale `checkout` to **4**?" }],
    );
    expect(read(turn)).toBe(
      "I need your word.\n\nScale `checkout` to **4**?\n\n✋ Answer with your next message.",
    );
    expect(view(turn).messages[0]?.buttons).toEqual([]);
  });

  test("does not repeat a question that the answer ends with, and shortens one that is too long", () => {
    const same = aTurn([0, says("Shall I?")], [1, { kind: "waiting", text: "Shall I?" }]);
    expect(read(same).split("Shall I?")).toHaveLength(2);
    const long = aTurn([1, { kind: "waiting", text: `\`\`\`\n${"x\n".repeat(5000)}` }]);
    for (const { content } of view(long).messages) expect(codePointLength(content)).toBeLessThanOrEqual(2000);
  });
});
