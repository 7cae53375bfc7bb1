import { describe, expect, it, onTestFinished } from "vitest";
import { BridgeError } from "../../src/conversation/errors.ts";
import { createHealth, type ReadyCheck } from "../../src/http/health.ts";
import { listen } from "../../src/http/listener.ts";
import { createRoutes } from "../../src/http/routes.ts";

function site(checks: readonly ReadyCheck[] = [], metrics = async () => "figures\n") {
  const health = createHealth(50);
  health.use(checks);
  const errors: Error[] = [];
  const routes = createRoutes({
    health,
    version: { version: "1.2.3" },
    metrics: { contentType: "text/x-figures", text: metrics },
    onError: (error) => errors.push(error),
  });
  async function ask(path: string) {
    const response = await routes.request(path);
    return { status: response.status, body: JSON.parse(await response.text()) };
  }
  return { health, routes, errors, ask };
}

const fine: ReadyCheck = { name: "store", run: () => ({ ok: true }) };

describe("the probes", () => {
  it("say that the process lives, whatever else is wrong", async () => {
    const { ask, health } = site([{ name: "store", run: () => ({ ok: false }) }]);
    health.enter("stopping");
    expect(await ask("/livez")).toEqual({ status: 200, body: { status: "ok" } });
  });

  it("tell a start that is through from one that goes on", async () => {
    const { ask, health } = site();
    expect((await ask("/startupz")).status).toBe(503);
    health.enter("running");
    expect((await ask("/startupz")).status).toBe(200);
    // A second client does not make it a new process.
    health.enter("starting");
    expect((await ask("/startupz")).status).toBe(200);
  });

  it("do not have a process restarted that waits for Discord to allow a login", async () => {
    const { ask, health } = site([fine]);
    health.enter("waiting");
    expect((await ask("/startupz")).status).toBe(200);
    expect(await ask("/readyz")).toEqual({
      status: 503,
      body: { status: "unavailable", stage: "waiting", checks: { store: { ok: true } } },
    });
  });

  it("are ready only when every check is", async () => {
    const bad = { name: "gateway", run: () => ({ ok: false, detail: "It is not connected." }) };
    const { ask, health } = site([fine, bad]);
    health.enter("running");
    expect(await ask("/readyz")).toEqual({
      status: 503,
      body: {
        status: "unavailable",
        stage: "running",
        checks: { store: { ok: true }, gateway: { ok: false, detail: "It is not connected." } },
      },
    });
    health.use([fine]);
    expect((await ask("/readyz")).status).toBe(200);
  });

  it("are not ready any more at once when the process stops, and never again", async () => {
    const { ask, health } = site([fine]);
    health.enter("running");
    health.enter("stopping");
    health.enter("running");
    expect((await ask("/readyz")).status).toBe(503);
  });

  it("show our own sentences and nothing else of a check that fails", async () => {
    const { ask, health } = site([
      { name: "ours", run: () => Promise.reject(new BridgeError("store-failed", "Check its disk.")) },
      { name: "foreign", run: () => Promise.reject(new Error("password=secret")) },
      { name: "slow", run: () => new Promise(() => {}) },
    ]);
    health.enter("running");
    expect((await ask("/readyz")).body.checks).toEqual({
      ours: { ok: false, detail: "Check its disk." },
      foreign: { ok: false, detail: "It failed; see the log." },
      slow: { ok: false, detail: "It does not answer in time." },
    });
  });
});

describe("the other routes", () => {
  it("tell version and metrics, and do not know anything else", async () => {
    const { ask, routes } = site();
    expect(await ask("/version")).toEqual({ status: 200, body: { version: "1.2.3" } });
    const metrics = await routes.request("/metrics");
    expect(metrics.headers.get("content-type")).toBe("text/x-figures");
    expect(metrics.headers.get("cache-control")).toBe("no-store");
    expect(await metrics.text()).toBe("figures\n");
    expect((await ask("/metrics/../etc")).status).toBe(404);
    expect((await routes.request("/livez", { method: "POST" })).status).toBe(404);
  });

  it("keep to themselves what failed, and log it", async () => {
    const { ask, errors } = site([], () => Promise.reject(new Error("password=secret")));
    expect(await ask("/metrics")).toEqual({ status: 500, body: { status: "failed" } });
    expect(errors.map(({ message }) => message)).toEqual(["password=secret"]);
  });
});

describe("the listener", () => {
  it("says what to do when its port is taken", async () => {
    const { routes } = site();
    const first = await listen(routes, { port: 0, host: "127.0.0.1" });
    onTestFinished(() => first.close());
    await expect(listen(routes, { port: first.port, host: "127.0.0.1" })).rejects.toThrow(
      `The port ${first.port} for probes and metrics cannot be opened. Set HTTP_PORT to a free one, or to off.`,
    );
  });

  it("closes although somebody keeps a connection open", async () => {
    const { routes } = site();
    const listener = await listen(routes, { port: 0, host: "127.0.0.1" });
    const response = await fetch(`http://127.0.0.1:${listener.port}/livez`);
    expect(await response.json()).toEqual({ status: "ok" });
    await listener.close();
    await expect(fetch(`http://127.0.0.1:${listener.port}/livez`)).rejects.toThrow();
  });
});
