import { DiscordAPIError, HTTPError, REST } from "discord.js";

/** Why Discord gave no answer that helps; `code` is Discord's own, 0 without one. */
export class DiscordTrouble extends Error {
  readonly status: number;
  readonly code: number;

  constructor(status: number, code: number, cause: unknown) {
    super(status === 0 ? "no answer" : `HTTP ${status}, code ${code}`, { cause });
    this.name = "DiscordTrouble";
    this.status = status;
    this.code = code;
  }
}

/** Reads from Discord, beside the bot: no login, no retries. */
export interface DoctorApi {
  /** Rejects with `DiscordTrouble`. */
  get(path: `/${string}`, signal?: AbortSignal): Promise<unknown>;
  /** How much Discord's clock is ahead of ours, in milliseconds; undefined before the first answer. */
  clockAheadMs(): number | undefined;
}

/** How to reach Discord. `now`: our clock, milliseconds since the epoch. */
export interface DoctorApiOptions {
  readonly token: string;
  readonly apiUrl?: string;
  readonly timeoutMs: number;
  readonly now: () => number;
}

export function createDoctorApi({ token, apiUrl, timeoutMs, now }: DoctorApiOptions): DoctorApi {
  const rest = new REST({
    version: "10",
    retries: 0,
    timeout: timeoutMs,
    ...(apiUrl === undefined ? {} : { api: apiUrl }),
  }).setToken(token);
  let ahead: number | undefined;
  rest.on("response", (_request, response) => {
    const date = Date.parse(response.headers.get("date") ?? "");
    // The header has whole seconds, cut off.
    if (Number.isFinite(date)) ahead = date + 500 - now();
  });
  return {
    clockAheadMs: () => ahead,
    get: (path, signal) =>
      rest.get(path, signal ? { signal } : {}).catch((error: unknown) => {
        throw toTrouble(error);
      }),
  };
}

function toTrouble(error: unknown): DiscordTrouble {
  if (error instanceof DiscordAPIError) {
    return new DiscordTrouble(error.status, typeof error.code === "number" ? error.code : 0, error);
  }
  return new DiscordTrouble(error instanceof HTTPError ? error.status : 0, 0, error);
}
