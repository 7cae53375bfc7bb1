import type { AgentEvent } from "./agent.ts";
import type { Contexts } from "./context.ts";
import { toOutgoing } from "./outgoing.ts";
import type { Attachments, Directory } from "./ports.ts";
import type { Prompt } from "./prompt.ts";
import type { Turn } from "./turn.ts";

/** What sending needs. */
export interface SendingOptions {
  readonly attachments: Attachments;
  readonly contexts: Contexts;
  readonly directory: Directory;
}

/** Sends a turn's prompt with its files to its agent; the events of the run that begins, or that it answers. */
export async function* send(
  turn: Turn,
  prompt: Prompt,
  signal: AbortSignal,
  options: SendingOptions,
): AsyncIterable<AgentEvent> {
  const attachments = await options.attachments.fetch(prompt.files, signal);
  const taskId = await askedBy(turn, options);
  const outgoing = toOutgoing(turn, prompt, attachments);
  yield* options.directory
    .agent(turn.agent)
    .send(taskId === undefined ? outgoing : { ...outgoing, taskId }, signal);
}

/** The task whose question in plain words this prompt answers, if it still waits for that. */
async function askedBy(
  { place, agent }: Turn,
  { contexts, directory }: SendingOptions,
): Promise<string | undefined> {
  const { waiting } = await contexts.of(place, agent);
  if (!waiting) return undefined;
  await contexts.setWaiting(place, agent, undefined);
  const look = await directory
    .agent(agent)
    .look(waiting)
    .catch(() => undefined);
  return look?.state === "waiting" ? waiting.taskId : undefined;
}
