import { createServer } from "node:http";
import { expect, it, onTestFinished } from "vitest";
import { createCdn } from "../../src/discord/rest/cdn.ts";
import { tell } from "./story.ts";

const image = (name: string, type = "image/png", content: string | Buffer = "x") => ({ name, type, content });

it("a quoted message's images that cannot go along do not refuse the question", async () => {
  const { ana, ops, sees, asked, thread, discord, kagent } = await tell();
  const ben = discord.createPerson({ name: "ben" });
  const post = await ben.says(ops, "look", {
    files: [
      image("drawing.svg", "image/svg+xml"),
      image("photo.heic", "image/heic"),
      image("huge.png", "image/png", Buffer.alloc(3_800_000)),
      image("graph.png"),
    ],
  });
  await ana.says(ops, "@bot what do you see?", { replyTo: post });
  await sees(await thread(), /k8s-agent · \d/);
  expect(asked()[0]).toContain("> look");
  const call = kagent.requests.find((one) => one.rpc?.method.includes("message/"));
  expect(call?.body).toContain("graph.png");
  expect(call?.body).not.toMatch(/drawing|photo|huge/);
});

it("a quoted message's images never crowd out the asker's own files", async () => {
  const { ana, ops, sees, thread, discord, kagent } = await tell();
  const ben = discord.createPerson({ name: "ben" });
  const four = [1, 2, 3, 4].map((index) => image(`theirs${index}.png`));
  const post = await ben.says(ops, "look", { files: four });
  await ana.says(ops, "@bot compare", { replyTo: post, files: [image("mine1.png"), image("mine2.png")] });
  await sees(await thread(), /k8s-agent · \d/);
  const call = kagent.requests.find((one) => one.rpc?.method.includes("message/"));
  const sent = ["mine1", "mine2", "theirs1", "theirs2", "theirs3"];
  for (const name of sent) expect(call?.body).toContain(`${name}.png`);
  expect(call?.body).not.toContain("theirs4");
});

it("a download that breaks off in the middle is refused with a sentence", async () => {
  const server = createServer((_request, response) => {
    response.writeHead(200, { "content-length": "100" });
    response.write("hello", () => response.destroy());
  });
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void server.close());
  const address = server.address();
  const origin = `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
  const file = { name: "a.txt", mediaType: "text/plain", size: 100, url: `${origin}/a.txt` };
  const fetched = createCdn({ apiUrl: origin }).fetch([file], new AbortController().signal);
  await expect(fetched).rejects.toMatchObject({
    code: "file-refused",
    message: "The file “a.txt” could not be downloaded from Discord.",
  });
});
