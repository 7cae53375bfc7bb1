import { Hono } from "hono";
import type { Health, ProbeReport } from "./health.ts";

/** What the listener tells. */
export interface RoutesOptions {
  readonly health: Health;
  readonly version: Readonly<Record<string, string>>;
  /** The metrics as a scraper reads them. */
  readonly metrics: { readonly contentType: string; text(): Promise<string> };
  /** Hears of a request that failed through our fault. */
  readonly onError: (error: Error) => void;
}

const statusOf = ({ status }: ProbeReport) => (status === "ok" ? 200 : 503);

/** The routes of the listener: probes, metrics, version. Nothing here changes anything, and nothing tells secrets. */
export function createRoutes({ health, version, metrics, onError }: RoutesOptions): Hono {
  const app = new Hono();
  app.use(async (context, next) => {
    await next();
    context.header("cache-control", "no-store");
    context.header("x-content-type-options", "nosniff");
  });
  // Answered by the event loop alone: an outage of Discord or kagent is no reason to be restarted.
  app.get("/livez", (context) => context.json({ status: "ok" }));
  app.get("/startupz", (context) => {
    const report = health.startup();
    return context.json(report, statusOf(report));
  });
  app.get("/readyz", async (context) => {
    const report = await health.readiness();
    return context.json(report, statusOf(report));
  });
  app.get("/metrics", async (context) =>
    context.body(await metrics.text(), 200, { "content-type": metrics.contentType }),
  );
  app.get("/version", (context) => context.json(version));
  app.notFound((context) => context.json({ status: "not found" }, 404));
  app.onError((error, context) => {
    onError(error);
    return context.json({ status: "failed" }, 500);
  });
  return app;
}
