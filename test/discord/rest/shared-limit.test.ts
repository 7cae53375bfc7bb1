import { REST } from "discord.js";
import { expect, it, onTestFinished } from "vitest";
import { startDiscord } from "../../../emulator/discord/discord.ts";
import { createDiscordWire, REST_OPTIONS } from "../../../src/discord/rest/discord-wire.ts";
import { createScheduler } from "../../../src/discord/rest/scheduler.ts";
import { systemClock } from "../../../src/telemetry/clock.ts";

it("requests of another client with the same token count against the limit over all channels", async () => {
  const discord = await startDiscord();
  const guild = discord.createGuild({ name: "acme" });
  const client = () => new REST({ ...REST_OPTIONS, api: discord.apiUrl }).setToken(discord.token);
  const other = client();
  const scheduler = createScheduler({ wire: createDiscordWire(client(), [other]), clock: systemClock });
  onTestFinished(async () => {
    await scheduler.close();
    await discord.stop();
  });
  const ids = Array.from({ length: 60 }, (_, index) => guild.createChannel({ name: `ops-${index}` }).id);
  await Promise.all(ids.slice(0, 45).map((id) => other.get(`/channels/${id}`)));
  const ask = (channelId: string) =>
    scheduler.request({
      kind: "other:channel",
      channelId,
      priority: "acknowledgement",
      repeatable: true,
      call: () => ({ method: "GET", path: `/channels/${channelId}` }),
    });
  const outcomes = await Promise.all(ids.map(ask));
  expect(outcomes.every(({ kind }) => kind === "ok")).toBe(true);
  expect(discord.counts()).toMatchObject({ tooMany: 0, total: 105 });
});
