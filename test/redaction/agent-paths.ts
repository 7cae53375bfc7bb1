import type { Fault, FaultTarget } from "../../emulator/agent/fault.ts";
import { delegate, fail, pause, say, script } from "../../emulator/agent/script.ts";
import { operation } from "../../emulator/agent/tool-call.ts";
import { secrets, texts } from "./markers.ts";
import { credentials, echo, echoFrom, type Path } from "./path.ts";
import type { Stage } from "./stage.ts";

/** A question whose call to the agent goes wrong; people read `people`. */
function asked(
  path: string,
  fault: Fault,
  people: string | RegExp,
  more: { readonly on?: FaultTarget; readonly times?: number; readonly logs?: string } = {},
): Path {
  const { on = "message", times = 1, logs = '"msg":"turn over"' } = more;
  return {
    path: `the agent: ${path}`,
    logs,
    async provoke({ kagent, ask, shows }) {
      kagent.agent("k8s-agent").fault(fault, { on, times });
      await shows(await ask(), people);
    },
  };
}

const status = (code: number, text = echo, headers: Readonly<Record<string, string>> = {}): Fault => ({
  fault: "status",
  status: code,
  text,
  headers,
});
const rpc = (code: number, message: string, as: "json" | "event" = "event"): Fault => ({
  fault: "rpc-error",
  code,
  message,
  as,
});

/** A cluster that cannot be reached; the message must tell. */
function unreachable(cluster: string): Path {
  return {
    path: `the agent: a connection to the cluster ${cluster}`,
    logs: '"code":"kagent-unreachable"',
    async provoke({ ask, shows }) {
      await shows(await ask({ cluster }), "kagent is not reachable");
    },
  };
}

/** Whether these questions arrived has to be looked for first: all at once, so that nobody waits for each. */
const doubtful: readonly Fault[] = [
  status(500, echoFrom(190)),
  status(503, "x".repeat(5_000) + echo),
  status(200, `<html>${echo}</html>`),
  { fault: "empty" },
  { fault: "reset" },
];

export const agentPaths: readonly Path[] = [
  asked("400", status(400), "refused the request"),
  asked("401", status(401), "did not accept my credentials"),
  asked("403", status(403, echoFrom(170)), "did not accept my credentials"),
  asked("404", status(404), "There is no agent"),
  asked("413", status(413), "too large"),
  asked("422 that repeats the request", status(422, echoFrom(185)), "refused the request"),
  asked("429", status(429), "takes no more requests"),
  asked(
    "a redirect with a secret",
    status(302, echo, { location: `http://x/?t=${secrets.agentToken.value}` }),
    "leads somewhere else",
  ),
  asked("an RPC error", rpc(-32603, echo), /did not take the prompt|took too long/),
  asked("an RPC error as JSON", rpc(-32602, echoFrom(480), "json"), "did not take the prompt"),
  asked(
    "an RPC error after the question arrived",
    rpc(-32603, echoFrom(490)),
    /did not take the prompt|took too long/,
  ),
  asked("a refused protocol", rpc(-32009, echo), "speaks no version of A2A", { times: 2 }),
  asked("an answer above all limits", { fault: "huge-line", bytes: 17_000_000 }, "sent more than I can take"),
  asked("a cut stream", { fault: "cut", afterEvents: 2, how: { error: echo } }, texts.answer.value, {
    logs: '"msg":"a stream was lost"',
  }),
  ...["tls", "dead", "far"].map(unreachable),
  {
    path: "the agent: its pod is away",
    logs: '"code":"agent-not-ready"',
    async provoke({ kagent, ask, shows }) {
      kagent.agent("k8s-agent").down();
      await shows(await ask(), "is not ready");
      kagent.agent("k8s-agent").up();
    },
  },
  ...[echo, echoFrom(480), `invalid prompt: ${texts.prompt.value}`].map(
    (words, index): Path => ({
      path: `the agent: a failed run that repeats what it was sent (${index + 1})`,
      logs: '"code":"agent-failed"',
      async provoke({ plays, ask, shows }) {
        plays(script(say(texts.answer.value), fail(words)));
        await shows(await ask(), "could not finish");
      },
    }),
  ),
  {
    path: "the agent: a failed run that repeats an attached file",
    logs: '"code":"agent-failed"',
    async provoke({ plays, ask, shows }) {
      plays(script(fail(`cannot parse ${texts.file.value}`)));
      await shows(await ask({ file: { name: "a.txt", content: texts.file.value } }), "could not finish");
    },
  },
  {
    path: "the agent: a decision that is refused with its own words",
    logs: '"msg":"a decision could not be sent"',
    async provoke({ kagent, plays, ask, boss, control, shows }) {
      plays(function* () {
        yield pause("", operation("k8s_scale", { name: texts.args.value }));
        yield say(texts.answer.value);
      });
      const room = await ask();
      const refusal = `dial tcp: connection refused ${texts.args.value} ${credentials}`;
      kagent.agent("k8s-agent").fault(rpc(-32603, refusal), { on: "reply" });
      await boss.clicks(await control(room, "Approve"), "Approve");
      await shows(room, texts.answer.value);
    },
  },
  {
    path: "the agent: a sub-agent that fails",
    logs: '"msg":"turn over"',
    async provoke({ plays, ask, shows }) {
      plays(function* () {
        yield delegate("istio-agent", texts.args.value);
        yield fail(echo);
      });
      await shows(await ask(), "could not finish");
    },
  },
  {
    path: "the controller: agents that cannot be listed, as at the start",
    provoke: ({ bot }) => bot.writes('"msg":"agents could not be listed"'),
  },
];

/** After all questions whose arrival is looked for: each look would take the controller's failure away. */
export const feedbackPath: Path = {
  path: "the controller: feedback that is refused",
  logs: '"msg":"feedback did not reach kagent"',
  async provoke({ kagent, ask, ana, control, shows }) {
    const room = await ask();
    await shows(room, texts.answer.value);
    kagent.fault(status(500, credentials));
    await ana.clicks(await control(room, "👍"), "👍");
    await shows(room, "is noted");
  },
};

/**
 * Its questions are asked before all others: whether such a question arrived is looked for over many seconds.
 */
export const doubtfulPath: Path & { begin(stage: Stage): Promise<void> } = {
  path: "the agent: answers that leave open whether the question arrived",
  async begin({ kagent, ask }) {
    for (const fault of doubtful) {
      const { length } = kagent.requests;
      kagent.agent("k8s-agent").fault(fault);
      await ask();
      await kagent.until(() =>
        kagent.requests.slice(length).some(({ rpc }) => rpc?.method === "message/stream"),
      );
    }
  },
  async provoke({ discord, guild, shows }) {
    const rooms = [...discord.world.channelsOf(guild.guild)].filter(({ name }) => /^room-[1-5]$/.test(name));
    await Promise.all(rooms.map((room) => shows(room, /❔|❌/)));
  },
};
