import type { TaskRef } from "./agent.ts";
import type { Contexts } from "./context.ts";
import type { Directory, Log } from "./ports.ts";
import type { Prompt } from "./prompt.ts";
import { untilAborted } from "./until-aborted.ts";

/** Runs that were stopped and that their agents could not end: a second run in the same context would mix with them. */
export interface StoppedRuns {
  /**
   * Resolves when a prompt may run: its context has no such run, the run is over, the context is a fresh one, or
   * `removed` was aborted. `onWait` is called when there is something to wait for.
   */
  over(prompt: Prompt, removed: AbortSignal, onWait: () => void): Promise<void>;
  /** The place has a fresh context: nothing there has to wait. */
  release(placeId: string): void;
  close(): void;
}

export interface StoppedRunsOptions {
  readonly contexts: Contexts;
  readonly directory: Directory;
  readonly log: Log;
  /** Resolves when it is known what a stopped run in this context is called, where its agent has not said so yet. */
  readonly unnamedIn: (contextId: string) => Promise<unknown> | undefined;
}

/** Follows stopped runs at their agents. */
export function createStoppedRuns({ contexts, directory, log, unnamedIn }: StoppedRunsOptions): StoppedRuns {
  const waits = new Map<string, AbortController>();

  async function follow(prompt: Prompt, task: TaskRef, signal: AbortSignal): Promise<void> {
    try {
      const events = directory.agent(prompt.agent).follow(task, signal);
      for await (const event of untilAborted(events, signal)) {
        if (event.kind === "over" || event.kind === "waiting") break;
      }
    } catch (error) {
      log.warn({ err: error, turnId: prompt.id }, "a stopped run could not be followed");
    }
  }

  async function wait(
    prompt: Prompt,
    unnamed: Promise<unknown> | undefined,
    signal: AbortSignal,
  ): Promise<void> {
    if (unnamed) await Promise.race([unnamed, aborted(signal)]);
    if (signal.aborted) return;
    const { leftRunning } = await contexts.of(prompt.place, prompt.agent);
    if (!leftRunning) return;
    await follow(prompt, leftRunning, signal);
    if (!signal.aborted) await contexts.setLeftRunning(prompt.place, prompt.agent, undefined);
  }

  return {
    async over(prompt, removed, onWait) {
      const { contextId, leftRunning } = await contexts.of(prompt.place, prompt.agent);
      const unnamed = unnamedIn(contextId);
      if (!leftRunning && !unnamed) return;
      onWait();
      const abort = new AbortController();
      waits.set(prompt.place.channelId, abort);
      await wait(prompt, unnamed, AbortSignal.any([abort.signal, removed])).finally(() =>
        waits.delete(prompt.place.channelId),
      );
    },
    release: (placeId) => waits.get(placeId)?.abort(),
    close() {
      for (const abort of waits.values()) abort.abort();
    },
  };
}

function aborted(signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener("abort", () => resolve(), { once: true });
  });
}
