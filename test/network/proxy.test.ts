import { createServer } from "node:http";
import { describe, expect, it, onTestFinished } from "vitest";
import { createDispatcher } from "../../src/network/dispatcher.ts";
import { proxyFor, proxySecrets, withoutProxySecrets } from "../../src/network/proxy.ts";
import { openTunnel } from "../../src/network/tunnel.ts";
import { PROXY_PASSWORD, startProxy } from "./local-proxy.ts";

/** `NO_PROXY`, a host, and whether it is reached through the proxy. */
const RULES = [
  ["", "a.test", true],
  ["*", "a.test", false],
  ["a.test", "a.test", false],
  ["a.test", "A.TEST", false],
  ["a.test", "b.a.test", false],
  ["a.test", "ba.test", true],
  [".test", "a.test", false],
  ["*.a.test", "b.a.test", false],
  ["b.test, a.test", "a.test", false],
  ["b.test a.test", "a.test", false],
  ["a.test:8083", "a.test:8083", false],
  ["a.test:8083", "a.test:8084", true],
  ["a.test:80", "a.test", false],
  ["127.0.0.1", "127.0.0.2", true],
] as const;

async function startTarget(): Promise<number> {
  const server = createServer((_request, response) => response.end("here"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.close();
  });
  const address = server.address();
  return address !== null && typeof address === "object" ? address.port : 0;
}

describe("the way to a host", () => {
  it.each(RULES)("with NO_PROXY=%j is for %s through the proxy: %s", async (except, host, proxied) => {
    const proxy = await startProxy();
    const settings = { http: proxy.url, except };
    expect(proxyFor(settings, new URL(`ws://${host}`)) !== undefined).toBe(proxied);
    expect(proxyFor(settings, new URL(`http://${host}`)) !== undefined).toBe(proxied);
    // HTTP goes the same way: undici decides there by itself.
    proxy.lead(new URL(`http://${host}`).hostname, await startTarget());
    const dispatcher = createDispatcher(settings, { connectTimeout: 200 });
    onTestFinished(() => dispatcher.destroy());
    const origin = `http://${host}`;
    await dispatcher.request({ origin, path: "/", method: "GET" }).catch(() => {});
    expect(proxy.tunnels.length > 0).toBe(proxied);
  });

  it("is HTTPS_PROXY for https and wss, and HTTP_PROXY where that is not set", () => {
    const both = { http: "http://plain.test", https: "http://secure.test" };
    const hosts = ["http://a", "ws://a", "https://a", "wss://a"].map((url) => new URL(url));
    expect(hosts.map((url) => proxyFor(both, url))).toEqual([both.http, both.http, both.https, both.https]);
    const { http, https } = both;
    expect(hosts.map((url) => proxyFor({ http }, url))).toEqual([http, http, http, http]);
    expect(hosts.map((url) => proxyFor({ https }, url))).toEqual([undefined, undefined, https, https]);
  });
});

describe("a tunnel", () => {
  it("fails with the status of a proxy that refuses", async () => {
    const proxy = await startProxy();
    proxy.answer(403);
    const end = { host: "a.test", port: 80, secure: false };
    await expect(openTunnel(proxy.url, end)).rejects.toThrow("the proxy answered CONNECT with 403");
    await expect(openTunnel(proxy.url.replace("MARKER", "x"), end)).rejects.toThrow("with 407");
    await expect(openTunnel("http://127.0.0.1:9", end)).rejects.toThrow("ECONNREFUSED");
  });
});

describe("the password of a proxy", () => {
  it("is masked in every form in which it travels", () => {
    const https = `http://bot:${encodeURIComponent("p@ss:word")}@proxy.test:3128`;
    expect(proxySecrets({ https })).toEqual([
      "p%40ss%3Aword",
      "p@ss:word",
      Buffer.from("bot:p@ss:word").toString("base64"),
    ]);
    expect(withoutProxySecrets({ https, except: "a" })).toEqual({
      https: "http://***@proxy.test:3128",
      except: "a",
    });
    expect(JSON.stringify(withoutProxySecrets({ http: `http://x:${PROXY_PASSWORD}@p` }))).not.toContain(
      "MARKER",
    );
  });
});
