import { randomUUID } from "node:crypto";
import type { Agent, Entry, SubagentPrompt } from "./agent.ts";
import type { Pending } from "./confirmation.ts";
import type { Dialect, Wire } from "./dialect.ts";
import { createEncoder } from "./encoding.ts";
import type { JsonObject } from "./json.ts";
import { createPlayer, type Player } from "./player.ts";
import type { Recording } from "./recordings.ts";
import type { Replay } from "./replay.ts";
import { createRun, type Run } from "./run.ts";
import { fail, type Script, script, type Turn } from "./script.ts";
import { settingOf } from "./script-delivery.ts";
import { textsOf } from "./substitution.ts";
import { isOver } from "./task.ts";

/** A new task of an agent. */
export function addEntry(
  agent: Agent,
  userId: string,
  dialect: Dialect,
  form: Wire,
  ids: { readonly taskId: string; readonly contextId: string },
  replay?: Replay,
): Entry {
  const { taskId, contextId } = ids;
  const { name } = agent.definition;
  const { promise: released, resolve: release } = gate();
  const run: Run = createRun(
    { agent: name, dialect, form, taskId, contextId, userId },
    { changed: () => agent.changed(run), settled: () => remember(agent, run) },
  );
  const entry: Entry = { run, replay, player: undefined, answered: undefined, released, release };
  agent.entries.set(taskId, entry);
  agent.changed(run);
  return entry;
}

function gate(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let open: () => void = () => {};
  const promise = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { promise, resolve: () => open() };
}

/** A script at work on the task; `pending` is a pause that stands already. */
export function addPlayer(agent: Agent, entry: Entry, answer: Script, pending?: Pending): Player {
  const { run } = entry;
  entry.player = createPlayer({
    run,
    script: answer,
    encoder: createEncoder(settingOf(agent, run)),
    speed: agent.speed,
    subagents: agent.subagents,
    ran: (call) => agent.ran(run, call),
    ...(pending ? { pending } : {}),
  });
  return entry.player;
}

/** Starts a task that another agent asked for. */
export function startForAgent(agent: Agent, { text, contextId, userId }: SubagentPrompt): Entry {
  const ids = { taskId: randomUUID(), contextId };
  const message = agent.dialect.speaks === "0.3" ? messageV03(ids, text) : messageV10(ids, text);
  const turn = toTurn(agent, message, userId, ids.taskId, contextId);
  const answer = answerOf(agent, turn);
  if (typeof answer !== "function")
    throw new Error(`the sub-agent ${agent.definition.name} must be scripted`);
  const entry = addEntry(agent, userId, agent.dialect, agent.dialect.speaks, ids);
  entry.run.prompts.push(text);
  addPlayer(agent, entry, answer).play(turn, true);
  return entry;
}

function messageV03(ids: JsonObject, text: string): JsonObject {
  const parts = [{ kind: "text", text }];
  return { kind: "message", messageId: randomUUID(), role: "user", ...ids, parts };
}

function messageV10(ids: JsonObject, text: string): JsonObject {
  return { messageId: randomUUID(), role: "ROLE_USER", ...ids, parts: [{ text }] };
}

/** What an agent cannot even begin with comes before what it was made to do. */
export function answerOf(agent: Agent, turn: Turn): Recording | Script {
  if (turn.contextId.includes("/")) return script(fail(`session not found: ${turn.contextId}`));
  return agent.definition.answer(turn);
}

export function toTurn(
  agent: Agent,
  message: JsonObject,
  userId: string,
  taskId: string,
  contextId: string,
): Turn {
  return {
    agent: agent.definition.name,
    text: textsOf(message).join("\n"),
    message,
    taskId,
    contextId,
    userId,
    history: agent.memory.get(memoryKey(contextId, userId)) ?? [],
  };
}

/** A context belongs to one user: another one sees an empty conversation under the same id. */
function memoryKey(contextId: string, userId: string): string {
  return `${userId}\n${contextId}`;
}

function remember(agent: Agent, run: Run): void {
  const key = memoryKey(run.contextId, run.userId);
  const before = agent.memory.get(key) ?? [];
  const said = { prompt: run.prompts.join("\n"), answer: run.task.answer() };
  if (isOver(run.task.state())) agent.memory.set(key, [...before, said]);
}
