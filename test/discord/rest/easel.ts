import { createVirtualClock } from "../../../bench/virtual/clock.ts";
import { createVirtualDiscord } from "../../../bench/virtual/discord.ts";
import { createPainter } from "../../../src/discord/rest/painter.ts";
import type { PainterOptions } from "../../../src/discord/rest/painter-port.ts";
import { createScheduler } from "../../../src/discord/rest/scheduler.ts";
import type { Answer, Call } from "../../../src/discord/rest/wire.ts";
import type { MessageView, TurnView } from "../../../src/discord/view/message.ts";

/** A message that shows only text. */
export function text(content: string): MessageView {
  return { content, files: [], buttons: [] };
}

/** A refusal as Discord's REST interface gives it. */
export function refusal(code: number, status = 400): Answer {
  return { kind: "refused", code, status, reason: "refused", facts: {} };
}

export const CHANNEL = "c1";

/** One painter in front of a Discord in virtual time. */
export function createEasel(options: Partial<PainterOptions> = {}) {
  const clock = createVirtualClock(1_000_000);
  const discord = createVirtualDiscord(clock, () => 45);
  const calls: Call[] = [];
  const flying = new Map<string, number>();
  let mostTogether = 0;
  const wire = {
    onOther: discord.onOther,
    async send(call: Call): Promise<Answer> {
      calls.push(call);
      const target = call.method === "POST" ? String(Object(call.body).nonce) : call.path;
      flying.set(target, (flying.get(target) ?? 0) + 1);
      mostTogether = Math.max(mostTogether, flying.get(target) ?? 0);
      const answer = await discord.send(call);
      flying.set(target, (flying.get(target) ?? 1) - 1);
      return answer;
    },
  };
  const scheduler = createScheduler({ wire, clock });
  const lost: string[] = [];
  let view: TurnView = { messages: [] };
  const painter = createPainter({
    scheduler,
    clock,
    channelId: CHANNEL,
    turnId: "turn",
    render: () => view,
    onLost: (reason) => lost.push(reason),
    ...options,
  });
  return {
    clock,
    discord,
    scheduler,
    painter,
    calls,
    lost,
    /** The most requests that were ever in flight for one message at once. */
    together: () => mostTogether,
    contents: () => discord.contents(CHANNEL),
    set(next: TurnView | readonly string[]): void {
      view = "messages" in next ? next : { messages: next.map(text) };
    },
    show(...contents: readonly string[]): void {
      view = { messages: contents.map(text) };
      painter.show();
    },
    /** Settles and lets up to an hour pass; whether it was delivered or given up by then. */
    async settle(): Promise<boolean> {
      let settled = false;
      void painter.settle().then(() => {
        settled = true;
      });
      await clock.run(clock.now() + 3_600_000);
      return settled;
    },
    pass: (ms: number) => clock.run(clock.now() + ms),
  };
}
