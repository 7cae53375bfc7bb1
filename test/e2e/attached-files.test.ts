import { describe, expect, it } from "vitest";
import { tell } from "./story.ts";

const PNG = new Uint8Array(
  Buffer.from(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==",
    "base64",
  ),
);
const png = (name: string, size = PNG.length) => {
  const content = new Uint8Array(size);
  content.set(PNG);
  return { name, type: "image/png", content };
};

describe("a file with a question", () => {
  it("that is text goes into the prompt, quoted", async () => {
    const { ana, ops, sees, asked } = await tell();
    const file = { name: "events.log", content: "line one\n```\nline two" };
    await ana.runs(ops, "/k8s", { prompt: "what is this?", file });
    await sees(ops, "✅ done");
    expect(asked()).toEqual([
      'k8s-agent: what is this?\n\nAttached file "events.log":\n````\nline one\n```\nline two\n````',
    ]);
  });

  it("that is an image goes along as a part of the message", async () => {
    const { ana, ops, thread, sees, kagent } = await tell();
    await ana.says(ops, "@bot what do you see?", { files: [png("a.png"), png("b.png")] });
    await sees(await thread(), /k8s-agent · \d/);
    const call = kagent.requests.find((one) => one.rpc?.method.startsWith("message/"));
    const parts = JSON.stringify(call?.rpc?.params);
    expect(parts).toContain('"a.png"');
    expect(parts).toContain('"b.png"');
    expect(parts.split(Buffer.from(PNG).toString("base64"))).toHaveLength(3);
  });

  it("alone is a question too", async () => {
    const { ana, ops, thread, sees, asked } = await tell();
    await ana.says(ops, "@bot", { files: [{ name: "pod.yaml", content: "kind: Pod" }] });
    await sees(await thread(), /k8s-agent · \d/);
    expect(asked()[0]).toContain("kind: Pod");
  });

  it.each([
    [
      "of another kind",
      { name: "core.bin", type: "application/octet-stream", content: new Uint8Array(9) },
      "is neither text nor",
    ],
    ["with too much text", { name: "big.log", content: "x".repeat(100_001) }, "is larger than 100 kB"],
    ["with too large an image", png("big.png", 3_750_001), "is larger than 3.75 MB"],
  ])("%s is refused with a sentence, and nothing is asked", async (_what, file, sentence) => {
    const { ana, ops, thread, sees, asked } = await tell();
    await ana.runs(ops, "/k8s", { prompt: "what is this?", file });
    await sees(await thread(), sentence);
    await sees(ops, "❌ failed");
    expect(asked()).toEqual([]);
  });

  it("is refused when there are too many, or too much together", async () => {
    const { ana, ops, sees, asked, discord } = await tell();
    const six = Array.from({ length: 6 }, (_, index) => png(`${index}.png`));
    await ana.says(ops, "@bot what is this?", { files: six });
    await sees(await discord.until(() => discord.threads(ops)[0]), "I can take 5 files");
    const large = [png("a.png", 3_700_000), png("b.png", 3_700_000)];
    await ana.says(ops, "@bot and this?", { files: large });
    await sees(await discord.until(() => discord.threads(ops)[1]), "more than 7 MB together");
    expect(asked()).toEqual([]);
  });

  it("that is gone from Discord is refused with a sentence", async () => {
    const { ana, ops, thread, sees, asked, discord } = await tell();
    const sent = ana.says(ops, "@bot what is this?", { files: [{ name: "a.txt", content: "hello" }] });
    discord.world.files.clear();
    await sent;
    await sees(await thread(), "is no longer at Discord: attach it again");
    expect(asked()).toEqual([]);
  });
});
