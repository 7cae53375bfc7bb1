import { counted, findings, listed } from "../../conversation/finding.ts";
import { nearestNames } from "../../conversation/nearest.ts";
import type { Finding } from "../../conversation/ports.ts";
import { type AgentSpec, fullName } from "../kagent/agent-spec.ts";
import type { Target } from "./target.ts";

/** Which agents there are, and what they may do without asking. `hasBearer`: calls carry a token. */
export function lookAtAgents(
  name: string,
  specs: readonly AgentSpec[],
  hasBearer: boolean,
): readonly Finding[] {
  const check = findings(`${name}: agents`);
  if (specs.length === 0) {
    const advice = "Apply an Agent (kubectl get agents -A lists them), or check what the token may see.";
    return [check.problem("There is no agent.", advice)];
  }
  const away = specs.filter(({ ready }) => !ready);
  const found = `${counted(specs.length, "agent")} found`;
  const ready =
    away.length === 0
      ? check.ok(`${found}, all ready.`)
      : check.warning(
          `${found}; not ready: ${listed(away.map(fullName))}.`,
          "Look at kubectl describe of these agents, their pods' events and logs.",
        );
  return [ready, ...lookAtTools(name, specs), ...lookAtHeaders(name, specs, hasBearer)];
}

function lookAtTools(name: string, specs: readonly AgentSpec[]): readonly Finding[] {
  const check = findings(`${name}: tools`);
  const open = specs.flatMap((spec) =>
    spec.ungated.length === 0
      ? []
      : [
          check.warning(
            `${fullName(spec)} changes things without asking anybody: ${spec.ungated.join(", ")}.`,
            "Add them to requireApproval of its mcpServer tools, or take them out of toolNames.",
          ),
        ],
  );
  const whole = specs.flatMap((spec) =>
    spec.wholeServers.length === 0
      ? []
      : [
          check.warning(
            `${fullName(spec)} names no tools of ${listed(spec.wholeServers)}, so it may get all of them.`,
            "List toolNames, and in requireApproval those that change something.",
          ),
        ],
  );
  const found = [...open, ...whole];
  return found.length > 0
    ? found
    : [check.ok("Every tool that is known to change something waits for an approval.")];
}

function lookAtHeaders(name: string, specs: readonly AgentSpec[], hasBearer: boolean): readonly Finding[] {
  const python = specs.filter(({ runtime }) => runtime === "python");
  if (!hasBearer || python.length === 0) return [];
  return [
    findings(`${name}: credentials`).warning(
      `Python agents keep the headers of every call, the token among them, where whoever may read a session reads them: ${listed(python.map(fullName))}.`,
      "Use a token that opens nothing but kagent and expires soon, or runtime: go.",
    ),
  ];
}

/** Whether what the configuration names is there. */
export function lookAtTargets(
  name: string,
  specs: readonly AgentSpec[],
  targets: readonly Target[],
): readonly Finding[] {
  const check = findings(`${name}: routes`);
  const away = targets.flatMap(({ ref, use, required }) => {
    const wanted = fullName(ref);
    const spec = specs.find((one) => fullName(one) === wanted);
    if (spec?.ready) return [];
    if (spec)
      return [
        check.warning(`${use} asks ${wanted}, which is not ready.`, "Wait for it, or look at its pod."),
      ];
    const near = nearestNames(
      ref.name,
      specs.map((one) => (one.namespace === ref.namespace ? one.name : fullName(one))),
    );
    const hint = near.length > 0 ? `Did you mean ${near.join(" or ")}? ` : "";
    const sentence = `${use} asks ${wanted}, which is not there.`;
    const advice = `${hint}Apply the agent, or change KAGENT_ROUTES, routes or bindings.`;
    return [required ? check.problem(sentence, advice) : check.warning(sentence, advice)];
  });
  if (away.length > 0 || targets.length === 0) return away;
  return [check.ok("Every agent that the configuration names is there and ready.")];
}
