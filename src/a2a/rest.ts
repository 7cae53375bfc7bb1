import { CallError } from "./call-error.ts";
import { type Connection, readText } from "./connection.ts";
import type { A2ALimits } from "./options.ts";
import { parseWire } from "./wire/exact-args.ts";

/** JSON documents that are read with GET. */
export interface Rest {
  /** The parsed body; rejects with `CallError`, also when the body is no JSON. */
  get(url: string, headers?: Readonly<Record<string, string>>, signal?: AbortSignal): Promise<unknown>;
}

/** GET over the connections of a cluster. */
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
  };
}
