import type { AgentDefinition } from "./agent.ts";
import { cleanUp, findErrors, scaleUp } from "./demo-pauses.ts";
import { createRecordings, type Recording, type Recordings } from "./recordings.ts";
import { fail, type Script, say, type Turn, tool, wait } from "./script.ts";

/** Words in a prompt, and what they make the agent do; the first that fits is taken. */
interface Cue {
  readonly words: RegExp;
  readonly answer: Recording | Script;
}

/** Chooses an answer by the words of the prompt. */
export function byWords(cues: readonly Cue[], otherwise: Recording | Script): AgentDefinition["answer"] {
  return (turn) => cues.find(({ words }) => words.test(turn.text))?.answer ?? otherwise;
}

/** Answers from what was said before in the same context, so that people see that the agent remembers. */
const recall: Script = function* ({ history }: Turn) {
  const last = history.at(-1);
  yield wait(300);
  if (!last) {
    yield say("This is the first message that I see in this conversation.", { tokensPerSecond: 20 });
    return;
  }
  const points = last.answer.split("\n").filter((line) => line.startsWith("- "));
  const said = points.length === 0 ? firstLine(last.answer) : points.join("\n");
  const count = history.length === 1 ? "one message" : `${history.length} messages`;
  yield say(`You asked me “${firstLine(last.prompt)}”, and I said:\n\n${said}\n\n`, { tokensPerSecond: 25 });
  yield say(`I have seen ${count} from you before this one.`, { tokensPerSecond: 25 });
};

function firstLine(text: string): string {
  const line = text.split("\n").find((candidate) => candidate.trim() !== "") ?? "";
  return [...line].length <= 120 ? line : `${[...line].slice(0, 119).join("")}…`;
}

/** Half a minute of news, one line a second: something to stop. */
const rollout: Script = function* () {
  yield say("I follow the rollout of `checkout` in `shop`:\n", { tokensPerSecond: 40 });
  for (let second = 1; second <= 30; second += 1) {
    yield wait(1000);
    yield say(`- after ${second} s: ${Math.min(10, Math.floor(second / 3))} of 10 pods are new\n`, {});
  }
  yield say("The rollout is complete.");
};

/** Two tools in a row, for what no recording shows: results that take time, and a table. */
const meshCheck: Script = function* () {
  yield say("I will compare the policies with what the proxies really use. ", { tokensPerSecond: 25 });
  yield* tool(
    "istio_analyze_cluster_configuration",
    { namespace: "shop" },
    { output: "no issues found", ms: 900 },
  );
  yield* tool("istio_proxy_status", { namespace: "shop" }, { output: "3 proxies, 1 STALE", ms: 600 });
  yield say(
    [
      "mTLS is **on** for the namespace `shop` (mode `STRICT`).",
      "",
      "| workload | proxy | mTLS |",
      "|---|---|---|",
      "| checkout | synced | strict |",
      "| payments | synced | strict |",
      "| cart | **stale** for 4 min | strict |",
      "",
      "Restart the proxy of `cart` when you can; nothing is open to plain text.",
    ].join("\n"),
    { tokensPerSecond: 30 },
  );
};

/** The three agents that the commands go to by default, in the namespace `kagent`. */
export function demoAgents(recordings: Recordings = createRecordings()): AgentDefinition[] {
  const k8s = (name: string) => recordings.read("controller-0.9.12-go", name);
  const python = (name: string) => recordings.read("controller-0.9.12-python", name);
  return [k8sAgent(k8s), istioAgent(k8s), securityAgent(python)];
}

function cast(read: (name: string) => Recording): Cue[] {
  return [
    { words: /\b(boom|break down|crash the model)\b/i, answer: read("boom") },
    {
      words: /\b(memory|remember|did (i|you) (just )?(ask|say|tell)|my (last|first|previous))\b/i,
      answer: recall,
    },
    { words: /^slow(ly)?\b/i, answer: read("second_subscriber") },
    { words: /\b(watch|follow|keep an eye|rollout)\b/i, answer: rollout },
    { words: /\b(long|report|everything|overview|full|in detail)\b/i, answer: read("long") },
    { words: /\b(toolerr|missing)\b/i, answer: read("toolerr") },
    { words: /\b(pretext|look|check|state|status|replicas|healthy)\b/i, answer: read("pretext") },
    { words: /\b(read|show|list|get|describe)\b/i, answer: read("read") },
  ];
}

function k8sAgent(read: (name: string) => Recording): AgentDefinition {
  return {
    name: "k8s-agent",
    description: "Looks after workloads in the cluster: pods, deployments, events and logs",
    skills: [
      {
        id: "workloads",
        name: "Workload care",
        description: "Finds out why a workload is not healthy",
        tags: ["k8s", "pods"],
        examples: [
          "Why is checkout failing?",
          "Check the state of alpha",
          "Write a full report on the shop namespace",
        ],
      },
    ],
    runtime: "go",
    tools: ["read_thing", "k8s_get_events"],
    gatedTools: ["scale_thing", "delete_thing", "k8s_scale", "k8s_delete_resource"],
    answer: byWords(
      [
        { words: /\bscale\b/i, answer: scaleUp },
        { words: /\b(delete|remove|clean up)\b/i, answer: cleanUp },
        { words: /\berrors?\b/i, answer: findErrors },
        ...cast(read),
      ],
      read("plain"),
    ),
  };
}

function istioAgent(read: (name: string) => Recording): AgentDefinition {
  return {
    name: "istio-agent",
    description: "Knows the service mesh: mTLS, routing, proxies",
    skills: [
      {
        id: "mesh",
        name: "Mesh care",
        description: "Checks mTLS, routes and proxies",
        tags: ["istio", "mesh"],
        examples: ["Is mTLS on in shop?", "Which proxies are stale?"],
      },
    ],
    runtime: "go",
    tools: ["istio_analyze_cluster_configuration", "istio_proxy_status"],
    answer: byWords(
      [{ words: /\b(mtls|mesh|proxy|proxies|stale|istio)\b/i, answer: meshCheck }, ...cast(read)],
      read("plain"),
    ),
  };
}

function securityAgent(read: (name: string) => Recording): AgentDefinition {
  const refusal: Script = function* () {
    yield wait(400);
    yield fail(
      "Error code: 429 - {'error': {'message': 'Rate limit reached for requests', 'type': 'requests'}}",
    );
  };
  return {
    name: "security-agent",
    description: "Reviews permissions, images and network policies; reads only",
    skills: [
      {
        id: "review",
        name: "Security review",
        description: "Looks for what is too open",
        tags: ["security", "rbac"],
        examples: ["Who can delete pods in shop?", "Review the network policies of payments"],
      },
    ],
    runtime: "python",
    tools: ["read_thing"],
    answer: byWords([{ words: /\bratelimit|quota\b/i, answer: refusal }, ...cast(read)], read("plain")),
  };
}
