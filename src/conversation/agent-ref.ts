/** Which agent: a Kubernetes name in a namespace of one configured cluster. */
export interface AgentRef {
  readonly cluster: string;
  readonly namespace: string;
  readonly name: string;
}

/** The stable text form of an agent's address, for store keys and logs: `cluster/namespace/name`. */
export function agentKey(ref: AgentRef): string {
  return `${ref.cluster}/${ref.namespace}/${ref.name}`;
}
