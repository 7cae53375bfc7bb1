import type { Route } from "../conversation/routing.ts";

/** The commands of kagent's own agents, where no routes are configured; their texts also serve configured routes. */
export const DEFAULT_ROUTES: readonly Route[] = [
  {
    command: "k8s",
    description: "Ask the Kubernetes agent: workloads, pods, events, logs, manifests",
    descriptions: {
      de: "Den Kubernetes-Agenten fragen: Workloads, Pods, Ereignisse, Logs, Manifeste",
      ja: "Kubernetesエージェントに質問：ワークロード、Pod、イベント、ログ、マニフェスト",
    },
    agent: "k8s-agent",
    examples: [
      "Why is the checkout deployment not ready?",
      "Which pods restarted in the last hour, and why?",
    ],
  },
  {
    command: "istio",
    description: "Ask the Istio agent: routes, gateways, mTLS, proxy state",
    descriptions: {
      de: "Den Istio-Agenten fragen: Routen, Gateways, mTLS, Zustand der Proxys",
      ja: "Istioエージェントに質問：ルーティング、ゲートウェイ、mTLS、プロキシの状態",
    },
    agent: "istio-agent",
    examples: ["Which workloads in shop are outside the mesh?", "Why does the gateway answer 503 for /cart?"],
  },
  {
    command: "security",
    description: "Ask the security agent: privileges, policies, risky settings",
    descriptions: {
      de: "Den Sicherheits-Agenten fragen: Rechte, Richtlinien, riskante Einstellungen",
      ja: "セキュリティエージェントに質問：権限、ポリシー、危険な設定",
    },
    agent: "security-agent",
    examples: ["Which pods run as root?", "Who may read secrets in the namespace shop?"],
  },
];

/** The route of a command without texts of its own: those of the default route to the same agent, or plain ones. */
export function describedRoute(command: string, agent: string): Route {
  const name = agent.slice(agent.indexOf("/") + 1);
  const known = DEFAULT_ROUTES.find((route) => route.agent === name);
  const texts = known ?? plainTexts(name);
  return {
    command,
    agent,
    description: texts.description,
    descriptions: texts.descriptions,
    examples: texts.examples,
  };
}

/** Discord allows 100 characters in a description. */
function plainTexts(name: string): Pick<Route, "description" | "descriptions" | "examples"> {
  return {
    description: `Ask the agent ${name}`.slice(0, 100),
    descriptions: {
      de: `Den Agenten ${name} fragen`.slice(0, 100),
      ja: `エージェント ${name} に質問する`.slice(0, 100),
    },
    examples: [],
  };
}
