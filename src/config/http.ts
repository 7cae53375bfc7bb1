import type { Environment } from "./environment.ts";

/** Where probes and metrics are served. `port` absent: nowhere; 0: any free one. `host` absent: every interface. */
export interface HttpConfig {
  readonly port?: number;
  readonly host?: string;
}

const PORT = 8080;

/** Reads where the listener is. */
export function readHttp(env: Environment): HttpConfig {
  const host = env.text("HTTP_HOST");
  const port = readPort(env);
  return { ...(port === undefined ? {} : { port }), ...(host === undefined ? {} : { host }) };
}

function readPort(env: Environment): number | undefined {
  const text = env.text("HTTP_PORT") ?? String(PORT);
  if (text.toLowerCase() === "off") return undefined;
  if (/^\d{1,5}$/.test(text) && Number(text) <= 65_535) return Number(text);
  env.problem("HTTP_PORT", `“${text}” is no port. Write a number up to 65535, 0 for any free port, or off.`);
  return undefined;
}
