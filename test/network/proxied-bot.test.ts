import { expect, it } from "vitest";
import { installProxies } from "../../src/network/install.ts";
import { PROXY_PASSWORD, startProxy } from "./local-proxy.ts";

// One story a file: a process is prepared before it imports discord.js, and stays so.
it("reaches Discord's REST and gateway and kagent through the proxy", async () => {
  const proxy = await startProxy();
  installProxies({ http: proxy.url });
  const { tell } = await import("../e2e/story.ts");
  const { ana, ops, thread, sees, discord, kagent, logLines } = await tell({
    // A name that leads nowhere without the proxy.
    env: ({ kagent: near }) => {
      proxy.lead("kagent.test", Number(new URL(near.url).port));
      return { HTTP_PROXY: proxy.url, KAGENT_BASE_URL: "http://kagent.test:8083" };
    },
  });
  await ana.runs(ops, "/k8s", { prompt: "who is there?" });
  await sees(await thread(), "k8s-agent heard: who is there?");

  const host = new URL(discord.apiUrl).host;
  expect(proxy.tunnels).toContain(host);
  expect(proxy.tunnels).toContain("kagent.test:8083");
  expect(proxy.webSockets).toEqual([host]);
  expect(kagent.runs()).toHaveLength(1);
  expect(logLines.join("\n")).not.toContain(PROXY_PASSWORD);
});
