import type { Person } from "../emulator/discord/people/person.ts";
import type { Channel, Message } from "../emulator/discord/world/model.ts";
import { type Cast, expect, type Findings, open, over, turnsOver } from "./story.ts";

/** Pauses: approvals, a rejection, a question, and a restart of the bot while somebody has to decide. */
export async function playPauses(cast: Cast): Promise<Findings> {
  const findings: string[] = [];
  const note = (title: string, lines: Findings) => findings.push(...lines.map((line) => `${title}: ${line}`));
  note("approval", await approval(cast));
  note("rejection", await rejection(cast));
  note("question", await question(cast));
  note("restart", await restart(cast));
  return findings;
}

async function approval(cast: Cast): Promise<Findings> {
  const { ana, ben, screen } = cast;
  const { thread, ended } = await ask(
    cast,
    "7. The agent wants to change something: it waits until somebody with the role @sre approves",
    "Scale checkout, please",
  );
  screen.line("ana clicks Approve; she asked, and is no @sre");
  await ana.clicks(await card(cast, thread), "Approve");
  const refused = await seen(cast, thread, "Only @sre may decide this", ana);
  screen.line("  only ana reads: “Only @sre may decide this. Ask one of them.”");
  const early = cast.stage.kagent.toolRuns.length;
  screen.line("ben, who is @sre, clicks Approve");
  await ben.clicks(await card(cast, thread), "Approve");
  await over(cast, ended);
  screen.rest();
  const shown = cast.stage.discord.transcript(thread);
  return [
    ...expect(refused && early === 0, "somebody without the role was not refused"),
    ...expect(shown.includes("approved by ben"), "the card does not say who approved"),
    ...expect(cast.stage.kagent.toolRuns.length === 1, "the tool did not run exactly once"),
  ];
}

async function rejection(cast: Cast): Promise<Findings> {
  const { ben, screen } = cast;
  const { thread, ended } = await ask(
    cast,
    "8. A rejection with a reason, which the agent reads",
    "Clean up the finished migration pod",
  );
  screen.line("ben clicks Reject with reason… and writes: the migration is audited until Friday");
  const form = await (await ben.clicks(await card(cast, thread), "Reject with reason…")).modal();
  await ben.submits(form, { Reason: "the migration is audited until Friday" });
  await over(cast, ended);
  screen.rest();
  const shown = cast.stage.discord.transcript(thread);
  return [
    ...expect(shown.includes("rejected by ben"), "the card does not say who rejected"),
    ...expect(shown.includes("You said: “the migration is audited until Friday”"), "the reason was lost"),
    ...expect(cast.stage.kagent.toolRuns.length === 1, "a rejected tool ran"),
  ];
}

async function question(cast: Cast): Promise<Findings> {
  const { ana, screen } = cast;
  const { thread, ended } = await ask(cast, "9. The agent has a question", "Look for errors");
  screen.line("ana clicks payments");
  await ana.clicks(await card(cast, thread), "payments");
  await over(cast, ended);
  screen.rest();
  const shown = cast.stage.discord.transcript(thread);
  return expect(shown.includes("In `payments` there are 3 warnings"), "the answer did not reach the agent");
}

async function restart(cast: Cast): Promise<Findings> {
  const { ben, screen, stage } = cast;
  const { thread, ended } = await ask(
    cast,
    "10. The bot is restarted while an approval waits; the card still works",
    "Scale checkout once more",
  );
  await card(cast, thread);
  screen.line("the bot stops, and starts again");
  await stage.stopBot();
  await stage.startBot();
  screen.line("ben clicks Approve");
  await ben.clicks(await card(cast, thread), "Approve");
  await over(cast, ended);
  screen.rest();
  const shown = stage.discord.transcript(thread);
  return [
    ...expect(shown.includes("went from **2 to 4** replicas"), "the answer after the restart is not there"),
    ...expect(stage.kagent.toolRuns.length === 2, "the tool did not run exactly once"),
    ...expect(
      stage.kagent.decisions.every(({ did }) => did !== "double" && did !== "burned"),
      "a decision reached the agent twice, or as something else",
    ),
  ];
}

async function ask(cast: Cast, title: string, prompt: string) {
  const { ana, stage } = cast;
  const ended = turnsOver(cast);
  const thread = await open(cast, title, `ana types in #ops: /k8s ${prompt}`, () =>
    ana.runs(stage.ops, "/k8s", { prompt }),
  );
  return { thread, ended };
}

/** The newest message with controls of a card, once it is there. */
function card({ stage }: Cast, thread: Channel): Promise<Message> {
  const isOpen = (message: Message) => /"custom_id":"(ok|pick):/.test(JSON.stringify(message.components));
  return stage.discord.until(() => stage.discord.messages(thread).findLast(isOpen), {
    within: 20_000,
    what: "a card that waits",
  });
}

async function seen({ stage }: Cast, thread: Channel, text: string, as: Person): Promise<boolean> {
  return stage.discord.until(() => stage.discord.transcript(thread, { as }).includes(text), { what: text });
}
