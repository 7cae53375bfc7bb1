import { randomUUID } from "node:crypto";
import type { Agent, Entry } from "./agent.ts";
import type { NestedPause } from "./confirmation.ts";
import { leavesOf } from "./confirmation.ts";
import { isPython } from "./dialect.ts";
import { appName } from "./encoder.ts";
import { objectsAt } from "./json.ts";
import { replyMessage } from "./reply-message.ts";
import type { Run } from "./run.ts";
import type { Turn } from "./script.ts";
import type { SubagentRest, Subagents } from "./subagents.ts";
import { textsOf } from "./substitution.ts";
import { type Verdicts, wordFor } from "./verdict.ts";

/** How `self` reaches the other agents of its kagent. */
export function createSubagents(self: () => Agent): Subagents {
  // Go keeps one session of the sub-agent for each user, Python one for each conversation.
  const contexts = new Map<string, string>();
  const contextFor = (peer: Agent, caller: Run): string => {
    const owner = isPython(self().dialect) ? caller.contextId : caller.userId;
    const key = `${nameOf(peer)}\n${owner}`;
    const known = contexts.get(key) ?? randomUUID();
    contexts.set(key, known);
    return known;
  };
  const find = (name: string): Agent => {
    const peer = self()
      .peers()
      .find((one) => one.definition.name === name || nameOf(one) === name);
    if (!peer) throw new Error(`no agent ${name} to call`);
    return peer;
  };

  return {
    place: (name, caller) => ({ name: nameOf(find(name)), contextId: contextFor(find(name), caller) }),
    async ask(name, request, caller) {
      const peer = find(name);
      if (!peer.ready()) return away(self(), peer);
      const prompt = { text: request, contextId: contextFor(peer, caller), userId: caller.userId };
      return restOf(self(), peer, peer.start(prompt));
    },
    async decide(pause, verdicts) {
      const peer = find(pause.subagent);
      const entry = peer.entries.get(pause.taskId);
      if (!peer.ready() || !entry?.player?.pending()) return away(self(), peer);
      const { run, player } = entry;
      const own = ownVerdicts(player.pending()?.confirmations ?? [], verdicts);
      const did = wordFor(own);
      peer.note({ taskId: run.taskId, from: "parent", body: "", did, userId: run.userId });
      const turn: Turn = { ...turnOf(peer, run), message: replyMessage(run, did) };
      player.decide(turn, own, true);
      return restOf(self(), peer, entry);
    },
  };
}

function nameOf({ namespace, definition }: Agent): string {
  return appName(namespace, definition.name);
}

/** A verdict about a sub-agent of the sub-agent holds for everything that it waits for. */
function ownVerdicts(confirmations: NestedPause["confirmations"], verdicts: Verdicts): Verdicts {
  return new Map(
    confirmations.flatMap((one) => {
      const outer = verdicts.get(one.id);
      return leavesOf([one]).map(
        (leaf) => [leaf.id, verdicts.get(leaf.id) ?? outer ?? { approved: true }] as const,
      );
    }),
  );
}

function turnOf(peer: Agent, run: Run): Omit<Turn, "message"> {
  const { taskId, contextId, userId } = run;
  return { agent: peer.definition.name, text: "", taskId, contextId, userId, history: [] };
}

async function restOf(caller: Agent, peer: Agent, { run, player }: Entry): Promise<SubagentRest> {
  const how = run.live()
    ? await new Promise<string>((resolve) => run.listen({ event: () => {}, end: resolve }))
    : "settled";
  const pending = player?.pending();
  if (how === "lost") return away(caller, peer);
  if (!pending) return { is: "answered", text: answerFor(caller, run), contextId: run.contextId };
  const { taskId, contextId } = run;
  const { confirmations } = pending;
  return { is: "paused", pause: { subagent: nameOf(peer), taskId, contextId, confirmations } };
}

/** Go's 1.0 line joins everything that the sub-agent said, also before its tools. */
function answerFor(caller: Agent, { task }: Run): string {
  if (isPython(caller.dialect) || caller.dialect.speaks === "0.3") return task.answer();
  const texts = objectsAt(task.toJson(), "artifacts").map((artifact) => textsOf(artifact).join(""));
  return texts.filter((text) => text !== "").join("\n");
}

function away(caller: Agent, peer: Agent): SubagentRest {
  const address = `http://${peer.definition.name}.${peer.namespace}:8080`;
  const why = isPython(caller.dialect)
    ? `HTTP Error 503: Network communication error fetching agent card from ${address}/.well-known/agent-card.json: All connection attempts failed`
    : `Remote agent '${nameOf(peer)}' request failed: connection refused`;
  return { is: "away", why };
}
