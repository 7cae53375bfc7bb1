import { findings } from "../../conversation/finding.ts";
import type { Finding } from "../../conversation/ports.ts";
import { failureOf } from "../call-error.ts";

/** Why a cluster, or a part of it, gave no answer that helps. */
export function unreachable(check: string, error: unknown): Finding {
  const { problem } = findings(check);
  const failure = failureOf(error);
  if (failure.kind !== "http") {
    return failure.kind === "unreadable" || failure.kind === "too-large"
      ? problem(
          "What answers there is not kagent.",
          "Is the address that of the web interface? Use the controller's, port 8083: kagent-discord config print shows it.",
        )
      : problem(
          `kagent is not reachable (${reasonIn(error)}).`,
          "Check the address (kagent-discord config print shows it), DNS, NetworkPolicies, http against https, and NO_PROXY.",
        );
  }
  const { status } = failure;
  if (status === 401 || status === 403) {
    return problem(
      `kagent does not accept the credentials (HTTP ${status}).`,
      "Check KAGENT_TOKEN or the cluster's own token, the Cloudflare Access pair, and configured headers: missing, wrong or expired.",
    );
  }
  if (status >= 300 && status < 400) {
    return problem(
      `The address leads somewhere else (HTTP ${status}), where the bot does not follow.`,
      "Configure the last address, often https instead of http, or credentials for the proxy that asks for a login.",
    );
  }
  return problem(`kagent, or something before it, answers with HTTP ${status}.`, "Look at its log.");
}

const CODES = /^[A-Z][A-Z0-9_]{2,60}$/;

/** The code of the system or of TLS, which has no address in it. */
function reasonIn(error: unknown, depth = 0): string {
  if (depth > 5 || !(error instanceof Error)) return "no answer";
  if ("code" in error && typeof error.code === "string" && CODES.test(error.code)) return error.code;
  const [first] = error instanceof AggregateError ? error.errors : [];
  return reasonIn(first ?? error.cause, depth + 1);
}
