import { createRecordings } from "../emulator/agent/recordings.ts";
import type { Person } from "../emulator/discord/people/person.ts";
import type { Channel } from "../emulator/discord/world/model.ts";
import type { Screen } from "./screen.ts";
import type { Stage } from "./stage.ts";
import { answerIn, letters, recordedAnswer } from "./words.ts";

/** Who and where, for every scene. */
export interface Cast {
  readonly stage: Stage;
  readonly screen: Screen;
  readonly ana: Person;
  readonly ben: Person;
  /** The channel that is bound to the mesh's agent. */
  readonly mesh: Channel;
}

/** What a scene found: one line per thing that was not as it should be. */
export type Findings = readonly string[];

const RECORDED = "controller-0.9.12-go";

/** Plays the whole story; every line that comes back is something that went wrong. */
export async function playStory(cast: Cast): Promise<Findings> {
  const { ops } = cast.stage;
  const recordings = createRecordings();
  const findings: string[] = [];
  const note = (title: string, lines: Findings) => findings.push(...lines.map((line) => `${title}: ${line}`));

  const first = await slash(cast, "1. Ana asks with a slash command; the agent uses a tool", {
    command: "/k8s",
    prompt: "Check the state of alpha, please",
  });
  note("tool call", [
    ...expectSeen(first, cast, recordedAnswer(recordings.read(RECORDED, "pretext"))),
    ...expect(text(first).includes("✓"), "the tool call is not shown as done"),
    ...expect(text(ops).includes("✅"), "the channel does not say that it is done"),
  ]);

  await followUp(cast, first);
  note(
    "memory",
    expect(answerIn(first, cast.stage.discord.botId).includes("You asked me"), "the agent forgot"),
  );

  const meshThread = await mention(cast);
  const asked = cast.stage.kagent.runs().at(-1)?.agent;
  note("bound channel", [
    ...expect(asked === "istio-agent", `the mention went to ${asked}`),
    ...expect(text(meshThread).includes("STRICT"), "the answer about mTLS is not there"),
  ]);

  const long = await slash(cast, "4. A long answer: a table and code, over several messages", {
    command: "/k8s",
    prompt: "Write a full report on the shop namespace",
  });
  note("long answer", [
    ...expectSeen(long, cast, recordedAnswer(recordings.read(RECORDED, "long"))),
    ...expect(botMessages(long, cast).length > 2, "the answer was not split"),
    ...expect(
      botMessages(long, cast).every((message) => [...message.content].length <= 2000),
      "a message is too long",
    ),
  ]);

  const failed = await slash(cast, "5. An agent whose model fails", {
    command: "/security",
    prompt: "Who can delete pods in shop? (boom: its model fails)",
  });
  note("failure", [
    ...expect(
      text(failed).includes("[🔁 Try again]") || /\[.*Try again\]/.test(text(failed)),
      "no Try again",
    ),
    ...expect(text(ops).includes("❌"), "the channel does not say that it failed"),
  ]);

  const stopped = await stop(cast);
  note("stop", [
    ...expect(/stopped/i.test(text(stopped)), "the thread does not say that it was stopped"),
    ...expect(
      cast.stage.kagent.requests.some((one) => one.body.includes("tasks/cancel")),
      "the agent was not told to cancel",
    ),
  ]);
  return findings;

  function text(channel: Channel): string {
    return cast.stage.discord.transcript(channel);
  }
}

interface Slash {
  readonly command: string;
  readonly prompt: string;
}

async function slash(cast: Cast, title: string, { command, prompt }: Slash): Promise<Channel> {
  const { stage, screen, ana } = cast;
  const ended = turnsOver(cast);
  const thread = await open(cast, title, `ana types in #ops: ${command} ${prompt}`, () =>
    ana.runs(stage.ops, command, { prompt }).then((interaction) => interaction.response()),
  );
  await over(cast, ended);
  screen.rest();
  return thread;
}

async function followUp(cast: Cast, thread: Channel): Promise<void> {
  const { screen, ana } = cast;
  screen.title("2. She writes on in the thread: the agent remembers");
  const question = "What did I ask you before?";
  screen.line(`ana writes in the thread: ${question}`);
  screen.watch([thread]);
  const ended = turnsOver(cast);
  await ana.says(thread, question);
  await over(cast, ended);
  screen.rest();
}

async function mention(cast: Cast): Promise<Channel> {
  const question = "Is mTLS on in shop?";
  const ended = turnsOver(cast);
  const title = "3. Ben mentions the bot in #mesh, a channel that is bound to another agent";
  const thread = await open(
    cast,
    title,
    `ben writes in #mesh: @kagent ${question}`,
    () => cast.ben.says(cast.mesh, `@kagent ${question}`),
    cast.mesh,
  );
  await over(cast, ended);
  cast.screen.rest();
  return thread;
}

async function stop(cast: Cast): Promise<Channel> {
  const { stage, screen, ana } = cast;
  const prompt = "Watch the rollout slowly";
  const ended = turnsOver(cast);
  const thread = await open(
    cast,
    "6. A turn that is stopped with its button",
    `ana types in #ops: /k8s ${prompt}`,
    () => ana.runs(stage.ops, "/k8s", { prompt }),
  );
  const message = await stage.discord.until(
    () => botMessages(thread, cast).find((one) => one.history.length > 2 && one.components.length > 0),
    { within: 15_000, what: "some text with a Stop button" },
  );
  screen.line("ana clicks Stop");
  await ana.clicks(message, "Stop");
  await over(cast, ended);
  screen.rest();
  return thread;
}

/** Does something that opens a thread, and shows the channel and the thread from then on. */
export async function open(
  { stage, screen }: Cast,
  title: string,
  line: string,
  act: () => Promise<unknown>,
  channel = stage.ops,
): Promise<Channel> {
  screen.title(title);
  screen.line(line);
  const before = stage.discord.threads(channel).length;
  await act();
  const thread = await stage.discord.until(() => stage.discord.threads(channel)[before], {
    what: "a thread",
  });
  screen.watch([thread]);
  return thread;
}

/** How many turns the bot has brought to their end. */
export function turnsOver({ stage }: Cast): number {
  return stage.logLines.filter((line) => line.includes('"turn over"')).length;
}

/** Waits for one more turn than `before` to be over: its last state is visible then. */
export async function over(cast: Cast, before: number): Promise<void> {
  await cast.stage.discord.until(() => turnsOver(cast) > before, {
    within: 40_000,
    what: "the end of the turn",
  });
}

function botMessages(channel: Channel, { stage }: Cast) {
  return stage.discord.messages(channel).filter((message) => message.author.id === stage.discord.botId);
}

export function expect(fact: boolean, otherwise: string): Findings {
  return fact ? [] : [otherwise];
}

/** Every letter and digit of the recorded answer, in order and once, is what people see. */
function expectSeen(channel: Channel, cast: Cast, recorded: string): Findings {
  const seen = letters(answerIn(channel, cast.stage.discord.botId));
  const wanted = letters(recorded);
  if (seen.split(wanted).length === 2) return [];
  return [`the recorded answer (${wanted.length} letters) is not there exactly once`];
}
