import { textsIn } from "../conversation/echo.ts";
import { CallError } from "./call-error.ts";
import { type Connection, readText } from "./connection.ts";
import type { A2ALimits } from "./options.ts";
import { parseWire } from "./wire/exact-args.ts";
import type { JsonObject } from "./wire/json.ts";

/** JSON documents over HTTP. */
export interface Rest {
  /** The parsed body; rejects with `CallError`, also when the body is no JSON. */
  get(url: string, headers?: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<unknown>;
  /** Sends a document; rejects with `CallError` unless it is taken. */
  post(url: string, body: JsonObject, headers: Readonly<Record<string, string>>): Promise<void>;
}

/** GET and POST over the connections of a cluster. */
export function createRest(connection: Connection, limits: A2ALimits): Rest {
  return {
    async get(url, headers = {}, signal) {
      const timeout = AbortSignal.timeout(limits.unaryMs);
      const { body } = await connection.call({
        url,
        method: "GET",
        headers: { accept: "application/json", ...headers },
        streaming: false,
        signal: signal ? AbortSignal.any([signal, timeout]) : timeout,
      });
      const value = parseWire(await readText(body, limits.maxBodyBytes));
      if (value === undefined) throw new CallError({ kind: "unreadable" });
      return value;
    },
    async post(url, body, headers) {
      const answer = await connection.call({
        url,
        method: "POST",
        headers: { accept: "application/json", "content-type": "application/json", ...headers },
        body: JSON.stringify(body),
        said: textsIn(body),
        streaming: false,
        signal: AbortSignal.timeout(limits.unaryMs),
      });
      await readText(answer.body, limits.maxBodyBytes);
    },
  };
}
