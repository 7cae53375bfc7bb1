import { createPainter } from "../../src/discord/rest/painter.ts";
import { createScheduler, type Scheduler } from "../../src/discord/rest/scheduler.ts";
import { createTyping } from "../../src/discord/rest/typing.ts";
import type { MessageView } from "../../src/discord/view/message.ts";
import { type Figures, feel, type Sight, summarise } from "../figures.ts";
import { answerOf, type Profile, seeded, startTimes } from "../load.ts";
import { createVirtualClock, type VirtualClock } from "./clock.ts";
import { createVirtualDiscord, type VirtualDiscord } from "./discord.ts";

/** A run of the real scheduler and painter in virtual time. */
export interface VirtualResult {
  readonly figures: Figures;
  readonly limited: number;
  readonly counts: ReadonlyMap<string, number>;
  readonly requests: number;
  readonly correct: number;
  readonly renders: number;
}

const MESSAGE_CHARS = 2_000;
/** From the prompt to the agent's first token. */
const THINKING_MS = 800;
const CLOSING_AFTER_MS = 20_000;

/** Plays `conversations` answers, each in its own thread, their starts spread over 20 s. */
export async function runVirtually(
  profile: Profile,
  conversations: number,
  seed = 1,
): Promise<VirtualResult> {
  const random = seeded(seed);
  const clock = createVirtualClock();
  const discord = createVirtualDiscord(clock, () => 30 + random() * 30);
  const scheduler = createScheduler({ wire: discord, clock });
  const answer = answerOf(0, profile.chars);
  let renders = 0;
  const begins = startTimes(conversations, 20_000, random);
  for (const [index, begin] of begins.entries()) {
    clock.at(begin, () => converse({ index, profile, answer, clock, scheduler, onRender: () => renders++ }));
  }
  await clock.run(200_000);
  const felt = begins.map((begin, index) =>
    feel({
      profile,
      firstTokenAt: begin + THINKING_MS,
      sights: sightsOf(discord, `t${index}`, profile.chars),
    }),
  );
  const correct = begins.filter((_, index) => {
    const shown = discord.contents(`t${index}`).filter((content) => !content.startsWith("-# "));
    return shown.join("") === answer;
  });
  return {
    figures: summarise(felt),
    limited: discord.refusals.length,
    counts: discord.counts,
    requests: [...discord.counts.values()].reduce((sum, count) => sum + count, 0),
    correct: correct.length,
    renders,
  };
}

interface Part {
  readonly index: number;
  readonly profile: Profile;
  readonly answer: string;
  readonly clock: VirtualClock;
  readonly scheduler: Scheduler;
  readonly onRender: () => void;
}

function converse({ index, profile, answer, clock, scheduler, onRender }: Part): void {
  const parent = `p${index}`;
  const channelId = `t${index}`;
  const begin = clock.now();
  const firstTokenAt = begin + THINKING_MS;
  const endsAt = firstTokenAt + profile.durationMs;
  let given = 0;
  let over = false;
  const painter = createPainter({
    scheduler,
    clock,
    channelId,
    turnId: `turn${index}`,
    size: () => given,
    render: () => {
      onRender();
      const closing = over && profile.durationMs > CLOSING_AFTER_MS;
      return {
        messages: split(answer.slice(0, given)),
        ...(closing ? { closing: { content: "-# done" } } : {}),
      };
    },
  });
  const typing = createTyping({ scheduler, clock, channelId });
  ask(scheduler, parent, "thread", "acknowledgement", "threads", "POST");
  typing.start();
  const giveOut = (next: number) => {
    const token = profile.tokens[next];
    if (token === undefined) return;
    clock.at(firstTokenAt + token.atMs, () => {
      given += token.chars;
      typing.keep(false);
      painter.show();
      giveOut(next + 1);
    });
  };
  giveOut(0);
  clock.at(endsAt + 1, () => {
    over = true;
    void painter.settle();
    ask(scheduler, parent, "edit", "aside", "messages/starter", "PUT");
  });
}

function ask(
  scheduler: Scheduler,
  channelId: string,
  kind: "thread" | "edit",
  priority: "acknowledgement" | "aside",
  tail: string,
  method: "POST" | "PUT",
): void {
  const call = () => ({ method, path: `/channels/${channelId}/${tail}` as const });
  void scheduler.request({ kind, channelId, priority, repeatable: true, call });
}

function split(text: string): readonly MessageView[] {
  const count = Math.ceil(text.length / MESSAGE_CHARS);
  return Array.from({ length: count }, (_, index) => ({
    content: text.slice(index * MESSAGE_CHARS, (index + 1) * MESSAGE_CHARS),
    files: [],
    buttons: [],
  }));
}

/** Visible characters over time: what of the answer stands in order, without gaps. */
function sightsOf(discord: VirtualDiscord, channelId: string, chars: number): readonly Sight[] {
  const shown = new Map<string, number>();
  return discord.seen.flatMap((change) => {
    if (change.channelId !== channelId || change.content.startsWith("-# ")) return [];
    shown.set(change.messageId, change.content.length);
    return [{ at: change.at, chars: Math.min(chars, inOrder([...shown.values()])) }];
  });
}

function inOrder(lengths: readonly number[]): number {
  const gap = lengths.findIndex((length) => length < MESSAGE_CHARS);
  const whole = gap === -1 ? lengths : lengths.slice(0, gap + 1);
  return whole.reduce((sum, length) => sum + length, 0);
}
