/** One finished request. */
export interface LoggedRequest {
  /** When it arrived (ms). */
  readonly at: number;
  readonly method: string;
  readonly path: string;
  /** As the description writes it; missing when no route fits. */
  readonly route?: string;
  /** 0 when the connection was broken on purpose. */
  readonly status: number;
  /** Discord's JSON code of a refusal. */
  readonly code?: number;
  /** Discord's words of a refusal. */
  readonly message?: string;
  /** From the arrival of the request to its answer. */
  readonly ms: number;
  readonly scope?: "user" | "global" | "shared";
  /** Where an answer does not fit the description; only with `checkResponses`. */
  readonly misfit?: string;
}

/** What was asked for, in numbers. */
export interface Counts {
  /** Messages posted: channel messages, follow-ups, and replies to interactions. */
  readonly creates: number;
  readonly edits: number;
  readonly typing: number;
  readonly threads: number;
  /** Answers 429. */
  readonly tooMany: number;
  /** Answers 401, 403 and 429 (not "shared"): 10,000 in ten minutes get an address banned. */
  readonly invalid: number;
  /** Other answers from 400 on. */
  readonly refused: number;
  readonly total: number;
}

export function countRequests(requests: readonly LoggedRequest[]): Counts {
  const count = (test: (request: LoggedRequest) => boolean) => requests.filter(test).length;
  const done = requests.filter((request) => request.status < 400);
  const of = (method: string, end: RegExp) =>
    done.filter((request) => request.method === method && end.test(request.route ?? "")).length;
  return {
    creates: of("POST", /\/messages$|\/callback$|\{webhook_token\}$/),
    edits: of("PATCH", /\/messages\/[^/]+$/),
    typing: of("POST", /\/typing$/),
    threads: of("POST", /\/threads$/),
    tooMany: count((request) => request.status === 429),
    invalid: count(isInvalid),
    refused: count((request) => request.status >= 400 && !isInvalid(request)),
    total: requests.length,
  };
}

function isInvalid(request: LoggedRequest): boolean {
  if (request.status === 429) return request.scope !== "shared";
  return request.status === 401 || request.status === 403;
}
