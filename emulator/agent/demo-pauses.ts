import { pause, type Script, say, tool, wait } from "./script.ts";
import { askUser, operation } from "./tool-call.ts";

const pace = { tokensPerSecond: 25 };

/** Wants to scale a deployment: something to approve. */
export const scaleUp: Script = function* () {
  yield say("`checkout` in `shop` runs 2 replicas, and both are at 90 % of their CPU limit. ", pace);
  yield say("I would like to run 4.", pace);
  const args = { resource_type: "deployment", name: "checkout", namespace: "shop", replicas: 4 };
  const output = "deployment.apps/checkout scaled";
  const reply = yield pause("", operation("k8s_scale", args, { output, ms: 700 }));
  const [scaled] = reply?.decided ?? [];
  if (!scaled?.approved) {
    yield say(`Then \`checkout\` stays at 2 replicas.${because(scaled?.reason)}`, pace);
    return;
  }
  yield wait(500);
  yield say(
    "Done: `checkout` went from **2 to 4** replicas, all of them are ready, and CPU is at 46 %.",
    pace,
  );
};

/** Wants to delete something that looks unused: something to reject, with a reason. */
export const cleanUp: Script = function* () {
  yield say("`migration-runner` in `shop` finished 9 days ago, so I would remove the pod.", pace);
  const args = { resource_type: "pod", resource_name: "migration-runner-x7k2p", namespace: "shop" };
  const output = 'pod "migration-runner-x7k2p" deleted';
  const reply = yield pause("", operation("k8s_delete_resource", args, { output, ms: 700 }));
  const [removed] = reply?.decided ?? [];
  yield removed?.approved
    ? say("The pod is gone; nothing else used it.", pace)
    : say(`I leave the pod where it is.${because(removed?.reason)} Tell me when it may go.`, pace);
};

/** Needs to know where to look: a question with choices. */
export const findErrors: Script = function* () {
  const choices = ["shop", "shop-staging", "payments"];
  const question = { question: "Which namespace shall I look into?", choices, multiple: false };
  const reply = yield pause("", askUser([question]));
  const [asked] = reply?.decided ?? [];
  const namespace = asked?.answers?.[0]?.[0];
  if (namespace === undefined) {
    yield say("Without a namespace I cannot look for errors.", pace);
    return;
  }
  yield* tool("k8s_get_events", { namespace }, { output: "3 warnings: BackOff (payments-worker)", ms: 600 });
  yield say(`In \`${namespace}\` there are 3 warnings in the last hour, all of one kind: \`BackOff\`.`, pace);
};

function because(reason: string | undefined): string {
  return reason === undefined ? "" : ` You said: “${reason}”.`;
}
