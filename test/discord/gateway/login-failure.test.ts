import { expect, it } from "vitest";
import { startDiscord } from "../../../emulator/discord/discord.ts";
import { fatalClose, loginFailure } from "../../../src/discord/gateway/login-failure.ts";
import { connect } from "../../emulator/discord/stage.ts";

/** What a login says that Discord closes with this code. */
async function sentenceFor(code: number): Promise<string> {
  const discord = await startDiscord();
  discord.gateway.refuseIdentifies(code);
  const failure = await connect(discord).then(
    () => new Error("it logged in"),
    (cause: unknown) => loginFailure(cause),
  );
  await discord.stop();
  return failure.message;
}

it.each([
  [4004, /refuses the bot token.*DISCORD_BOT_TOKEN/],
  [4010, /shard number/],
  [4011, /too many servers for one connection/],
  [4012, /gateway version.*Update/],
  [4013, /intents asked for.*Update/],
  [4014, /Privileged Gateway Intents.*DISCORD_MENTION_ONLY/],
])("a login and a connection that end with %i say what to change", async (code, words) => {
  expect(await sentenceFor(code)).toMatch(words);
  expect(fatalClose(code).message).toMatch(
    code === 4004 ? /token.*DISCORD_BOT_TOKEN/ : code === 4014 ? /Privileged/ : words,
  );
});

it("an unknown reason is named as it is", () => {
  expect(loginFailure(new Error("socket hang up")).message).toContain("Check the network");
  expect(fatalClose(4999).message).toContain("code 4999");
});
