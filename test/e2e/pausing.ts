import type { AgentDefinition } from "../../emulator/agent/agent.ts";
import { pause, type Script, say } from "../../emulator/agent/script.ts";
import { type GatedCall, operation } from "../../emulator/agent/tool-call.ts";
import { createClock } from "../../emulator/discord/clock.ts";
import type { Person } from "../../emulator/discord/people/person.ts";
import type { Channel, Message } from "../../emulator/discord/world/model.ts";
import type { Clock } from "../../src/conversation/ports.ts";
import { agent, roomy, type Story, type StoryOptions, tell } from "./story.ts";

/** An agent that waits for these calls, then says what was decided about each. */
function waitsFor(...calls: readonly GatedCall[]): Script {
  return function* () {
    yield say("I would do this.");
    const reply = yield pause("", calls);
    const decided = reply?.decided ?? [];
    yield say(`Decided: ${decided.map(({ result }) => result).join("; ")}.`);
  };
}

/** The operation of most stories. */
export function scaling(replicas = 4, ms = 0): GatedCall {
  return operation("k8s_scale", { name: "checkout", replicas }, { output: `scaled to ${replicas}`, ms });
}

/** `k8s-agent`, which wants to scale. */
export function scaler(more: Partial<AgentDefinition> = {}, calls = [scaling()]): AgentDefinition {
  return agent("k8s-agent", waitsFor(...calls), more);
}

/** Every runtime whose pauses can be decided: how its agents are defined, and what stands in front of them. */
export const runtimes = [
  { name: "go 0.3", agent: { runtime: "go" }, kagent: {} },
  { name: "python 0.3", agent: { runtime: "python" }, kagent: {} },
  { name: "go 1.0", agent: { runtime: "go" }, kagent: { surface: "main" } },
  { name: "python 1.0", agent: { runtime: "python" }, kagent: { surface: "main" } },
] as const;

/** A story in which an agent waits. */
export interface PausedStory extends Story {
  /** The thread of the conversation. */
  readonly place: Channel;
  /** A member with Manage Server. */
  readonly boss: Person;
  /** The newest message of the thread with this control on it. */
  control(label: string, of?: Channel): Promise<Message>;
  /** What a person alone reads in the thread. */
  reads(person: Person, what: string | RegExp, of?: Channel): Promise<string>;
  /** The newest message in the thread that a person alone sees, once it shows this. */
  hers(person: Person, what: string | RegExp, of?: Channel): Promise<Message>;
  /** Waits until so many replies reached paused tasks; what each did. */
  hasDecided(count: number): Promise<readonly string[]>;
}

/** Asks in a channel, after `before`, and waits for this control on the card that follows, or for none. */
export async function paused(
  options: StoryOptions = {},
  awaited = "Approve",
  before: (story: Story) => void = () => {},
): Promise<PausedStory> {
  const story = await tell({ discord: roomy, ...options, agents: options.agents ?? [scaler()] });
  const { discord, ana, ops, kagent } = story;
  const boss = discord.createPerson({ name: "boss", manager: true });
  before(story);
  await ana.runs(ops, "/k8s", { prompt: "scale checkout" });
  const place = await story.thread();
  const control = (label: string, of = place) =>
    discord.until(
      () => discord.messages(of).findLast((one) => discord.messageText(one).includes(`[${label}]`)),
      { what: `a message with [${label}]` },
    );
  if (awaited !== "") await control(awaited);
  return {
    ...story,
    place,
    boss,
    control,
    reads: (person, what, of = place) => story.sees(of, what, person),
    hers: (person, what, of = place) =>
      discord.until(
        () =>
          discord
            .messages(of)
            .findLast((one) => one.ephemeralFor === person.id && isIn(discord.messageText(one), what)),
        { what: `${what} for ${person.name}` },
      ),
    hasDecided: (count) =>
      discord.until(
        () => (kagent.decisions.length >= count ? kagent.decisions.map(({ did }) => did) : undefined),
        { what: `${count} decisions` },
      ),
  };
}

function isIn(text: string, what: string | RegExp): boolean {
  return typeof what === "string" ? text.includes(what) : what.test(text);
}

/** The bot's clock in stories that pass over minutes and days: the real one, and it can jump. */
export interface JumpingClock extends Clock {
  advance(ms: number): void;
}

export function jumpingClock(): JumpingClock {
  const clock = createClock();
  return {
    now: clock.now,
    advance: clock.advance,
    sleep: (ms, signal) =>
      new Promise((resolve, reject) => {
        if (signal?.aborted) return reject(signal.reason);
        const cancel = clock.after(ms, () => {
          signal?.removeEventListener("abort", abort);
          resolve();
        });
        const abort = () => {
          cancel();
          reject(signal?.reason);
        };
        signal?.addEventListener("abort", abort, { once: true });
      }),
  };
}
