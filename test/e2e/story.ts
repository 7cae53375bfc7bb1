import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFailed, onTestFinished } from "vitest";
import { type Stage, type StageOptions, setStage } from "../../demo/stage.ts";
import type { AgentDefinition } from "../../emulator/agent/agent.ts";
import { type Script, say, script } from "../../emulator/agent/script.ts";
import type { Person } from "../../emulator/discord/people/person.ts";
import type { Channel, Message } from "../../emulator/discord/world/model.ts";

/** A stage with a first person on it, and the words that stories are told in. */
export interface Story extends Stage {
  readonly ana: Person;
  /** The only thread of a channel, once it is open; `#ops` when no channel is named. */
  thread(of?: Channel): Promise<Channel>;
  /** Waits until the channel shows this to everybody, or to `as`; resolves with the whole transcript. */
  sees(channel: Channel, what: string | RegExp, as?: Person): Promise<string>;
  /** The newest message of a channel that shows this. */
  message(channel: Channel, what: string | RegExp): Promise<Message>;
  /** Every prompt that the agents began to work on, in order: `k8s-agent: why?`. */
  asked(): readonly string[];
  /** Waits until so many prompts reached the agents. */
  hasAsked(count: number): Promise<readonly string[]>;
}

/** `expects`: the bot's log may have errors like this one; a story that says nothing has none. */
export interface StoryOptions extends Partial<StageOptions> {
  readonly expects?: RegExp;
}

/** Sets the stage for one story, and clears it when the story is over. */
export async function tell(options: StoryOptions = {}): Promise<Story> {
  const stage = await setStage({ ...options, agents: options.agents ?? [agent("k8s-agent")] });
  const { discord, kagent, ops } = stage;
  onTestFinished(async () => {
    await stage.stop();
    const { expects } = options;
    expect(stage.errors().filter((line) => !expects?.test(line))).toEqual([]);
  });
  // What people see is in the message of the failure; why, only the bot knows.
  onTestFailed(() => {
    process.stderr.write(stage.logLines.filter((line) => /"level":"(warn|error)"/.test(line)).join(""));
  });
  const shows = (text: string, what: string | RegExp) =>
    typeof what === "string" ? text.includes(what) : what.test(text);
  const asked = () => kagent.runs().flatMap((run) => run.prompts.map((prompt) => `${run.agent}: ${prompt}`));
  return {
    ...stage,
    ana: discord.createPerson({ name: "ana" }),
    thread: (of = ops) => discord.until(() => discord.threads(of)[0], { what: `a thread in #${of.name}` }),
    sees(channel, what, as) {
      const look = () => discord.transcript(channel, as ? { as } : {});
      return discord.until(() => (shows(look(), what) ? look() : undefined), { what: `${what} to be seen` });
    },
    message: (channel, what) =>
      discord.until(() => discord.messages(channel).findLast((one) => shows(one.content, what)), {
        what: `a message with ${what}`,
      }),
    asked,
    hasAsked: (count) =>
      discord.until(() => (asked().length >= count ? asked() : undefined), {
        what: `${count} prompts asked`,
      }),
  };
}

/** An agent that answers at once; without an answer of its own it repeats what it heard. */
export function agent(name: string, answer?: Script, more: Partial<AgentDefinition> = {}): AgentDefinition {
  return {
    name,
    description: `Knows about ${name}`,
    speed: 0,
    answer: (turn) => answer ?? script(say(`${name} heard: ${turn.text}`)),
    ...more,
  };
}

/** Something that an agent waits for in the middle of its answer, until the story goes on. */
export interface Gate {
  readonly opened: Promise<void>;
  open(): void;
}

export function closedGate(): Gate {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

/** An answer that begins, waits at the gate, and ends. */
export function heldAt(gate: Gate, begin = "Looking.", end = " All is well."): Script {
  return async function* () {
    yield say(begin);
    await gate.opened;
    yield say(end);
  };
}

/** `STORE_URL` of a store that outlives the bot, but not the story. Ask for it before the stage is set. */
export function sqliteStore(): string {
  const folder = mkdtempSync(join(tmpdir(), "kagent-discord-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return `sqlite://${join(folder, "store.sqlite")}`;
}

/** Limits that stories about order need not wait for. */
export const roomy: NonNullable<StageOptions["discord"]> = {
  limits: {
    buckets: {
      create: { limit: 50, perMs: 5000 },
      edit: { limit: 50, perMs: 5000 },
      threads: { limit: 50, perMs: 5000 },
      typing: { limit: 50, perMs: 5000 },
    },
  },
};
