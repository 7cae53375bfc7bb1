import { describe, expect, it, onTestFinished } from "vitest";
import { startDiscord } from "../../../emulator/discord/discord.ts";
import { createRest } from "../../../src/discord/gateway/client.ts";
import {
  readSessionStarts,
  type SessionStarts,
  untilSessionStart,
} from "../../../src/discord/gateway/session-starts.ts";
import { createManualClock } from "../../conversation/manual-clock.ts";
import { silentLog } from "../../silent-log.ts";

const HOUR = 60 * 60_000;

function waiting(read: () => Promise<SessionStarts | undefined>) {
  const clock = createManualClock();
  const told: string[] = [];
  const ended = new AbortController();
  const options = {
    read,
    clock,
    log: silentLog,
    onWaiting: () => told.push("waiting"),
    observe: ({ remaining }: SessionStarts) => told.push(String(remaining)),
  };
  const done = untilSessionStart(options, ended.signal).then(() => told.push("go"));
  return { clock, told, ended, done };
}

describe("the session start limit", () => {
  it("is read as Discord tells it", async () => {
    const discord = await startDiscord();
    onTestFinished(() => discord.stop());
    discord.world.identifies = 993;
    const rest = createRest({ token: discord.token, apiUrl: discord.apiUrl });
    expect(await readSessionStarts(rest)).toMatchObject({ remaining: 7 });
    expect((await readSessionStarts(rest))?.resetAfterMs).toBeGreaterThan(23 * HOUR);
  });

  it("lets a login through while enough are left", async () => {
    const { told, done } = waiting(async () => ({ remaining: 11, resetAfterMs: HOUR }));
    await done;
    expect(told).toEqual(["11", "go"]);
  });

  it("keeps a login back near its end, until there are new ones", async () => {
    let remaining = 10;
    const { clock, told } = waiting(async () => ({ remaining, resetAfterMs: HOUR }));
    await clock.advance(30 * 60_000);
    expect(told.slice(0, 3)).toEqual(["10", "waiting", "10"]);
    expect(told).not.toContain("go");
    remaining = 1000;
    await clock.advance(11 * 60_000);
    expect(told.slice(-2)).toEqual(["1000", "go"]);
    expect(told.filter((one) => one === "waiting")).toHaveLength(1);
  });

  it("leaves it to the login to say that Discord cannot be asked", async () => {
    const { told, done } = waiting(async () => undefined);
    await done;
    expect(told).toEqual(["go"]);
  });

  it("stops waiting when the bot stops, also while Discord does not answer", async () => {
    const hanging = waiting(() => new Promise(() => {}));
    hanging.ended.abort();
    await expect(hanging.done).rejects.toThrow("The bot was stopped before it logged in.");
    const late = waiting(async () => ({ remaining: 0, resetAfterMs: HOUR }));
    await late.clock.advance(1000);
    late.ended.abort();
    await expect(late.done).rejects.toThrow();
  });
});
