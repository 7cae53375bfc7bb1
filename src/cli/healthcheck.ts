import { Agent, get } from "node:http";
import type { Variables } from "../config/environment.ts";
import { createEnvironment } from "../config/environment.ts";
import { readHttp } from "../config/http.ts";

/** What `healthcheck` prints (it ends in a newline) and its exit code: 0 well, 1 not well or not there. */
export interface HealthResult {
  readonly text: string;
  readonly exitCode: 0 | 1;
}

const LIMIT_MS = 4_000;

/** `healthcheck`: asks the bot of this machine or container how it is. `ready`: whether it serves people, not only whether it lives. */
export async function healthcheck(variables: Variables, ready: boolean): Promise<HealthResult> {
  const problems: string[] = [];
  const env = createEnvironment(
    variables,
    () => "",
    ({ path, sentence }) => problems.push(`${path}: ${sentence}\n`),
  );
  const { port, host } = readHttp(env);
  if (problems.length > 0) return { text: problems.join(""), exitCode: 1 };
  if (port === undefined || port === 0)
    return { text: "HTTP_PORT names no port, so there is nothing to ask.\n", exitCode: 1 };
  return ask(reachable(host), port, ready ? "/readyz" : "/livez");
}

/** An address to open a port on is not always one to connect to. */
function reachable(host: string | undefined): string {
  if (host === undefined || host === "0.0.0.0") return "127.0.0.1";
  return host === "::" ? "::1" : host;
}

function ask(host: string, port: number, path: string): Promise<HealthResult> {
  return new Promise((resolve) => {
    const fail = (reason: string) =>
      resolve({ text: `${host}:${port} does not answer: ${reason}\n`, exitCode: 1 });
    // An agent of its own: the global one may go through a proxy.
    const request = get({ host, port, path, agent: new Agent(), timeout: LIMIT_MS }, (response) => {
      let text = "";
      response.setEncoding("utf8");
      response.on("data", (chunk: string) => {
        text += chunk;
      });
      response.on("error", (error) => fail(error.message));
      response.on("end", () =>
        resolve({ text: `${text.trim()}\n`, exitCode: response.statusCode === 200 ? 0 : 1 }),
      );
    });
    request.on("timeout", () => request.destroy(new Error(`nothing within ${LIMIT_MS / 1000} s`)));
    request.on("error", (error) => fail(error.message));
  });
}
