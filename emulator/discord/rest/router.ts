import type { Route } from "./call.ts";

interface Match {
  readonly route: Route;
  readonly params: Readonly<Record<string, string>>;
}

/** Finds the route of a path; `undefined` when there is none, "method" when only the method is wrong. */
export type Router = (method: string, path: string) => Match | "method" | undefined;

interface Candidate {
  readonly route: Route;
  readonly steps: readonly string[];
}

export function createRouter(routes: readonly Route[]): Router {
  const byLength = new Map<number, Candidate[]>();
  for (const route of [...routes].sort((a, b) => parameters(a.path) - parameters(b.path))) {
    const steps = route.path.split("/").slice(1);
    byLength.set(steps.length, [...(byLength.get(steps.length) ?? []), { route, steps }]);
  }
  return (method, path) => {
    const given = path.split("/").slice(1).map(decode);
    let known = false;
    for (const { route, steps } of byLength.get(given.length) ?? []) {
      const params = matchSteps(steps, given);
      if (!params) continue;
      if (route.method === method) return { route, params };
      known = true;
    }
    return known ? "method" : undefined;
  };
}

function parameters(path: string): number {
  return path.split("{").length;
}

/** Clients percent-encode `@original` and emoji. */
function decode(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}

function matchSteps(steps: readonly string[], given: readonly string[]): Record<string, string> | undefined {
  const params: Record<string, string> = {};
  for (const [index, step] of steps.entries()) {
    const value = given[index] ?? "";
    if (step.startsWith("{")) params[step.slice(1, -1)] = value;
    else if (step !== value) return undefined;
  }
  return params;
}
