import { createServer, type RequestListener } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { createCdn } from "../../../src/discord/rest/cdn.ts";

async function serve(listener: RequestListener): Promise<string> {
  const server = createServer(listener);
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => void server.close());
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`;
}

const text = (url: string) => ({ name: "a.txt", mediaType: "text/plain", size: 5, url });
const { signal } = new AbortController();

describe("downloading attachments", () => {
  it("reads a text from the origin of a local Discord", async () => {
    const origin = await serve((_request, response) => response.end("hello"));
    const cdn = createCdn({ apiUrl: `${origin}/api` });
    expect(await cdn.fetch([text(`${origin}/cdn/a.txt`)], signal)).toEqual([
      { kind: "text", name: "a.txt", text: "hello" },
    ]);
  });

  it.each([
    "https://example.com/a.txt",
    "http://cdn.discordapp.com/a.txt",
    "https://cdn.discordapp.com.example.com/a.txt",
    "https://cdn.discordapp.com@example.com/a.txt",
    "file:///etc/passwd",
    "not an address",
  ])("refuses %s without a request", async (url) => {
    await expect(createCdn({}).fetch([text(url)], signal)).rejects.toThrow("is not stored at Discord");
  });

  it("follows no redirect", async () => {
    const visited: string[] = [];
    const elsewhere = await serve((request, response) => {
      visited.push(request.url ?? "");
      response.end("secret");
    });
    const origin = await serve((_request, response) => {
      response.writeHead(302, { location: `${elsewhere}/secret` }).end();
    });
    const cdn = createCdn({ apiUrl: origin });
    await expect(cdn.fetch([text(`${origin}/a.txt`)], signal)).rejects.toThrow("no longer at Discord");
    expect(visited).toEqual([]);
  });

  it("stops reading where a file is larger than Discord said", async () => {
    const origin = await serve((_request, response) => response.end("x".repeat(300_000)));
    const cdn = createCdn({ apiUrl: origin });
    await expect(cdn.fetch([text(`${origin}/a.txt`)], signal)).rejects.toThrow("is larger than 100 kB");
  });
});
