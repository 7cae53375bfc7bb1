import { describe, expect, it, onTestFinished } from "vitest";
import { startDiscord } from "../../emulator/discord/discord.ts";
import { invite } from "../../src/cli/invite.ts";
import { readInviteConfig } from "../../src/config/invite.ts";
import { reading } from "../config/setting.ts";

const ID = "112233445566778899";
const LINK = `https://discord.com/oauth2/authorize?client_id=${ID}&scope=bot+applications.commands&permissions=309237746688&integration_type=0`;
const config = (variables: Record<string, string> = {}) => readInviteConfig(variables, reading({}));

describe("invite", () => {
  it("prints the link and why each permission is needed, without a network when the id is given", async () => {
    const { text, exitCode } = await invite({ applicationId: ID, json: false }, config());
    expect(text.split("\n")[0]).toBe(LINK);
    expect(text).toMatch(/\n {2}Read Message History +to answer as a reply/);
    expect(exitCode).toBe(0);
  });

  it("asks Discord whose token it is, and needs nothing of kagent for it", async () => {
    const discord = await startDiscord();
    onTestFinished(() => discord.stop());
    const variables = { DISCORD_BOT_TOKEN: discord.token, DISCORD_API_URL: discord.apiUrl };
    const { text, exitCode } = await invite({ json: true }, config(variables));
    expect(JSON.parse(text)).toMatchObject({
      url: LINK.replace(ID, discord.applicationId),
      applicationId: discord.applicationId,
      scopes: ["bot", "applications.commands"],
      permissions: "309237746688",
      needed: expect.arrayContaining([
        { name: "Attach Files", bit: "32768", why: "files from agents, and answer.md of very long answers" },
      ]),
    });
    expect(exitCode).toBe(0);
  });

  it.each([
    [{}, "Set DISCORD_BOT_TOKEN. Or give the id: --application-id <id>."],
    [{ DISCORD_API_URL: "x" }, "DISCORD_API_URL: This is no http or https address."],
    [
      { DISCORD_BOT_TOKEN: "MARKER", DISCORD_API_URL: "http://127.0.0.1:9/api" },
      "Discord cannot be reached.",
    ],
  ])("says why it does not know the application: %j", async (variables, sentence) => {
    const { text, exitCode } = await invite({ json: false }, config(variables));
    expect(text).toContain(sentence);
    expect(text).not.toContain("MARKER");
    expect(exitCode).toBe(1);
  });

  it("takes no id that is none", async () => {
    expect(await invite({ applicationId: "kagent", json: false }, config())).toMatchObject({ exitCode: 2 });
  });
});
