import { findings, listed } from "../../conversation/finding.ts";
import type { Finding } from "../../conversation/ports.ts";
import { failureOf } from "../call-error.ts";
import { readCard } from "../card.ts";
import { type AgentSpec, fullName } from "../kagent/agent-spec.ts";
import type { ClusterEndpoint } from "../options.ts";
import type { Rest } from "../rest.ts";
import { unreachable } from "./failure.ts";

type Configured = ClusterEndpoint["protocol"];

/** Which A2A a controller of this version speaks, and how approvals travel there. `version` is empty after 0.10. */
export function lookAtDialect(
  name: string,
  configured: Configured,
  version: string,
  specs: readonly AgentSpec[],
): readonly Finding[] {
  const check = findings(`${name}: protocol`);
  const spoken = dialectsOf(version);
  const chosen = configured === "auto" ? (spoken[0] ?? "0.3") : configured;
  const dialect = spoken.includes(chosen)
    ? check.ok(`A2A ${chosen}.`)
    : check.problem(
        `A2A ${chosen} is configured, and this kagent speaks ${spoken.join(" and ")}.`,
        'Set protocol of this cluster to "auto".',
      );
  return [dialect, ...lookAtApprovals(name, version, specs)];
}

/** Releases up to 0.9.6 speak 0.3, up to 0.10 both, later ones 1.0. */
function dialectsOf(version: string): readonly ("0.3" | "1.0")[] {
  const number = numberOf(version);
  if (version === "" || number >= 1_000_000) return ["1.0"];
  return number >= 9_007 ? ["0.3", "1.0"] : ["0.3"];
}

/** The first release with `requireApproval`; then Go's. */
const APPROVALS_SINCE = 7_020;
const GO_APPROVALS_SINCE = 8_003;

function lookAtApprovals(name: string, version: string, specs: readonly AgentSpec[]): readonly Finding[] {
  const check = findings(`${name}: approvals`);
  const number = numberOf(version);
  if (version === "" || number >= 1_000_000) return [check.ok("Approvals travel by the extension hitl/v1.")];
  if (number < APPROVALS_SINCE)
    return [check.warning("This kagent has no approvals.", "Upgrade kagent to 0.9.12 or later.")];
  const python = specs.filter(({ runtime }) => runtime === "python");
  if (number === 10_000 && python.length > 0) {
    const sentence = `Python agents of kagent 0.10.0 cannot resume after an approval: ${listed(python.map(fullName))}.`;
    return [check.problem(sentence, "Upgrade kagent to 0.10.4 or later.")];
  }
  const go = specs.filter(({ runtime }) => runtime === "go");
  if (number < GO_APPROVALS_SINCE && go.length > 0)
    return [
      check.warning("Go agents of this kagent have no approvals.", "Upgrade kagent to 0.9.12 or later."),
    ];
  return [check.ok("Approvals travel as confirmations (adk_request_confirmation).")];
}

/** `0.9.12` → 9012, comparable; what is no number is the newest of its line. */
function numberOf(version: string): number {
  const [, major, minor, patch] = /^v?(\d+)\.(\d+)\.(\d+)/.exec(version) ?? [];
  return Number(major ?? 0) * 1_000_000 + Number(minor ?? 10) * 1_000 + Number(patch ?? 4);
}

/** One agent without a controller: its card says what it speaks. */
export async function lookAtCard(
  name: string,
  url: string,
  configured: Configured,
  rest: Rest,
  signal: AbortSignal,
): Promise<Finding> {
  const read = (path: string) => rest.get(`${url}.well-known/${path}`, {}, signal).then(readCard);
  try {
    const card = await read("agent-card.json").catch((error: unknown) => {
      if (failureOf(error).kind !== "http") throw error;
      return read("agent.json");
    });
    const check = findings(`${name}: agent`);
    if (!card) return check.problem("What answers there has no agent card.", "Check KAGENT_A2A_URL.");
    const fits = configured === "auto" || card.protocols.includes(configured);
    const spoken = card.protocols.join(" and ") || "an unknown A2A";
    return fits
      ? check.ok(`The agent answers; its card says A2A ${spoken}.`)
      : check.warning(`A2A ${configured} is configured; the card says ${spoken}.`, 'Set protocol to "auto".');
  } catch (error) {
    return unreachable(name, error);
  }
}
