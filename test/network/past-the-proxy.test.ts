import { expect, it } from "vitest";
import { installProxies } from "../../src/network/install.ts";
import { startProxy } from "./local-proxy.ts";

// One story a file: a process is prepared before it imports discord.js, and stays so.
it("reaches what NO_PROXY names directly, and the rest through the proxy", async () => {
  const proxy = await startProxy();
  installProxies({ http: proxy.url, except: "127.0.0.1" });
  const { tell } = await import("../e2e/story.ts");
  const { ana, ops, thread, sees } = await tell({
    env: ({ kagent: near }) => {
      proxy.lead("kagent.test", Number(new URL(near.url).port));
      return {
        HTTP_PROXY: proxy.url,
        NO_PROXY: "127.0.0.1",
        KAGENT_BASE_URL: "http://kagent.test:8083",
      };
    },
  });
  await ana.runs(ops, "/k8s", { prompt: "who is there?" });
  await sees(await thread(), "k8s-agent heard: who is there?");
  expect([...new Set(proxy.tunnels)]).toEqual(["kagent.test:8083"]);
  expect(proxy.webSockets).toEqual([]);
});
