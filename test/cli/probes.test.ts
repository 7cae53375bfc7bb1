import { describe, expect, it } from "vitest";
import { healthcheck } from "../../src/cli/healthcheck.ts";
import { agent, closedGate, heldAt } from "../e2e/story.ts";
import { operate } from "./operating.ts";

describe("a bot and whoever probes it", () => {
  it("is started and ready once it is connected, and tells every check", async () => {
    const { answers, ask } = await operate();
    await answers("/readyz", 200);
    const { checks, stage } = JSON.parse((await ask("/readyz")).text);
    expect(stage).toBe("running");
    expect(checks).toMatchObject({ config: { ok: true }, store: { ok: true }, gateway: { ok: true } });
    expect((await ask("/startupz")).status).toBe(200);
    expect((await ask("/livez")).status).toBe(200);
    expect(JSON.parse((await ask("/version")).text)).toMatchObject({ version: "1.2.3" });
  });

  it("is not ready at once when it is asked to end in the middle of an answer, and delivers what there is", async () => {
    const gate = closedGate();
    const { answers, ana, ops, discord, terminate, exitCode, ask } = await operate({
      agents: [agent("k8s-agent", heldAt(gate))],
    });
    await answers("/readyz", 200);
    await ana.runs(ops, "/k8s", { prompt: "why?" });
    await discord.until(
      () =>
        discord.threads(ops)[0] && discord.transcript(discord.threads(ops)[0] ?? ops).includes("Looking."),
    );
    terminate();
    const report = await answers("/readyz", 503, '"stage":"stopping"');
    expect(report).toContain('"status":"unavailable"');
    expect((await ask("/livez")).status).toBe(200);
    expect(await exitCode).toBe(0);
    expect((await ask("/livez")).status).toBe(0);
    gate.open();
  });

  it("is not ready while the gateway is away, and again when it is back", async () => {
    const { answers, discord } = await operate();
    await answers("/readyz", 200);
    discord.gateway.refuseConnections(true);
    discord.gateway.drop();
    await answers("/readyz", 503, "It is not connected.");
    discord.gateway.refuseConnections(false);
    await answers("/readyz", 200);
  });

  it("ends with exit code 1 when its port is taken", async () => {
    const first = await operate();
    await first.answers("/readyz", 200);
    const second = await operate({ env: { HTTP_PORT: String(first.port()) } });
    expect(await second.exitCode).toBe(1);
    expect((await first.ask("/livez")).status).toBe(200);
  });

  it("answers the subcommand healthcheck", async () => {
    const { answers, port, discord } = await operate();
    await answers("/readyz", 200);
    const variables = { HTTP_PORT: String(port()), HTTP_HOST: "127.0.0.1" };
    expect(await healthcheck(variables, false)).toEqual({ text: '{"status":"ok"}\n', exitCode: 0 });
    discord.gateway.refuseConnections(true);
    discord.gateway.drop();
    await answers("/readyz", 503);
    const ready = await healthcheck(variables, true);
    expect(ready).toMatchObject({ exitCode: 1 });
    expect(ready.text).toContain("It is not connected.");
    expect(await healthcheck({ HTTP_PORT: "1" }, false)).toMatchObject({ exitCode: 1 });
    expect(await healthcheck({ HTTP_PORT: "off" }, false)).toMatchObject({ exitCode: 1 });
    expect((await healthcheck({ HTTP_PORT: "x" }, false)).text).toContain("HTTP_PORT: “x” is no port.");
  });
});

describe("a gateway that does not recover", () => {
  it("is found although it is connected, and is replaced by a new client once, and then the process ends", async () => {
    const { answers, clock, discord, figure, exitCode, ana, ops } = await operate();
    await answers("/readyz", 200);
    discord.gateway.silence({ events: true });
    // Looked at every five seconds; three minutes until the first question, fifteen seconds for its answer, then again.
    const silent = async () => {
      clock.skip(20_000);
      return (await figure('gateway_canaries_total{result="silent"}')) >= 2;
    };
    await discord.until(silent, { what: "two questions without an answer", within: 15_000 });
    await answers("/readyz", 503, "It is connected but silent");
    expect(await figure("gateway_up")).toBe(0);
    const identifies = discord.gateway.stats.identifies;
    discord.gateway.speak();
    // It would find itself well again: this gateway answers nobody who asks for members.
    discord.gateway.silence({ events: true });
    clock.skip(10 * 60_000);
    discord.gateway.speak();
    await discord.until(() => discord.gateway.stats.identifies > identifies, { within: 15_000 });
    await answers("/readyz", 200);
    expect(await figure("gateway_renewals_total")).toBe(1);
    await ana.runs(ops, "/k8s", { prompt: "still there?" });
    await discord.until(
      () =>
        discord.threads(ops)[0] &&
        discord.transcript(discord.threads(ops)[0] ?? ops).includes("heard: still there?"),
    );
    discord.gateway.refuseConnections(true);
    discord.gateway.drop();
    await answers("/readyz", 503, "It is not connected.");
    clock.skip(11 * 60_000);
    expect(await exitCode).toBe(1);
  });

  it.each([4004, 4010, 4011, 4012, 4013, 4014])(
    "ends the process with exit code 1 when a login is refused with %i",
    async (code) => {
      const { exitCode } = await operate({ refuseWith: code });
      expect(await exitCode).toBe(1);
    },
  );

  it.each([4004, 4011, 4014])(
    "ends the process with exit code 1 when it is closed with %i later",
    async (code) => {
      // A busy machine misses a heartbeat of three a second, and a connection that is being replaced cannot be closed.
      const { answers, discord, exitCode } = await operate({ heartbeatMs: 40_000 });
      await answers("/readyz", 200);
      discord.gateway.close(code);
      expect(await exitCode).toBe(1);
    },
  );
});

describe("the last logins of a period", () => {
  it("are not used: the bot waits for the next period, and says so", async () => {
    const { answers, clock, discord, figure, ask } = await operate({ identifies: 995 });
    await answers("/readyz", 503, '"stage":"waiting"');
    expect((await ask("/startupz")).status).toBe(200);
    expect(await figure("session_start_remaining")).toBe(5);
    expect(discord.gateway.stats.identifies).toBe(0);
    discord.clock.advance(24 * 60 * 60_000);
    clock.skip(24 * 60 * 60_000);
    await answers("/readyz", 200);
    expect(discord.gateway.stats.identifies).toBe(1);
    await discord.until(async () => (await figure("session_start_remaining")) === 999);
  });

  it("do not keep a bot from ending that waits for them", async () => {
    const { answers, terminate, exitCode } = await operate({ identifies: 1000 });
    await answers("/readyz", 503, '"stage":"waiting"');
    terminate();
    expect(await exitCode).toBe(0);
  });
});
