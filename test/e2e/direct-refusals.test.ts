import { expect, it } from "vitest";
import { tell } from "./story.ts";

const direct = { DISCORD_DIRECT_MESSAGES: "true" };

it("a direct message to a bot that serves no server says so, and blames nobody", async () => {
  const { ana, sees, asked } = await tell({
    env: () => direct,
    furnish: (local) => void local.createGuild({ name: "strangers" }),
  });
  await ana.says(ana.dm(), "hello?");
  expect(await sees(ana.dm(), "I serve no server at the moment")).not.toContain("none of the servers");
  expect(asked()).toEqual([]);
});

it("a member is asked to try again while Discord does not say that they are one", async () => {
  const { ana, sees, asked, discord } = await tell({ env: () => direct });
  const broken = discord.faults.add(
    { method: "GET", route: /\/members\//, times: 2 },
    { kind: "status", status: 500 },
  );
  await ana.says(ana.dm(), "hello?");
  expect(await sees(ana.dm(), "Discord did not tell me")).not.toContain("none of the servers");
  expect(broken.hits).toBe(2);
  await ana.says(ana.dm(), "and now?");
  await sees(ana.dm(), "heard: and now?");
  expect(asked()).toEqual(["k8s-agent: and now?"]);
});
