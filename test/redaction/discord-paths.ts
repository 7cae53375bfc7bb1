import { pause, say, script } from "../../emulator/agent/script.ts";
import { askUser, operation } from "../../emulator/agent/tool-call.ts";
import type { Fault } from "../../emulator/discord/rest/faults.ts";
import { secrets, texts } from "./markers.ts";
import { echo, type Path } from "./path.ts";
import type { Stage } from "./stage.ts";

const CALLBACK = /\/interactions\/\d+\/[^/]+\/callback/;
const ORIGINAL = /\/webhooks\/\d+\/[^/]+\/messages\/(@|%40)original/;
const MESSAGES = /\/channels\/\d+\/messages$/;

/** An error that quotes what it refuses, and the credentials; without a code a page of a proxy. */
const status = (code: number, json?: number, quoted = ""): Fault => ({
  kind: "status",
  status: code,
  ...(json === undefined
    ? {}
    : { code: json, message: `Value "${quoted}" of ${secrets.botToken.value} is not allowed.` }),
});

/** An acknowledgement of a command that goes wrong; the answer comes all the same. */
function lostAcknowledgement(path: string, fault: Fault): Path {
  return {
    path: `Discord: an acknowledgement, ${path}`,
    logs: '"msg":"an acknowledgement was lost; the bot token goes on"',
    async provoke({ discord, ask, shows }) {
      discord.faults.add({ method: "POST", route: CALLBACK }, fault);
      await shows(await ask(), texts.answer.value);
    },
  };
}

/** A message of an answer that Discord does not take at first. */
function refusedMessage(path: string, fault: Fault, logs: string): Path {
  return {
    path: `Discord: a message, ${path}`,
    logs,
    async provoke({ discord, ask, bot }) {
      const from = bot.output().length;
      const match = { method: "POST", route: MESSAGES, body: /zqAns/, times: 3 };
      const planned = discord.faults.add(match, fault);
      await ask();
      await bot.writes(logs, from);
      planned.remove();
    },
  };
}

/** An agent waits in a new channel for what `call` asks. */
async function waiting(stage: Stage, call: Parameters<typeof pause>[1]) {
  stage.plays(function* () {
    yield pause("", call);
    yield say(texts.answer.value);
  });
  return stage.ask();
}

const scaling = operation("k8s_scale", { name: texts.args.value });

export const discordPaths: readonly Path[] = [
  lostAcknowledgement("10062", status(404, 10062, texts.prompt.value)),
  lostAcknowledgement("40060", status(400, 40060, texts.prompt.value)),
  lostAcknowledgement("a form error that quotes", status(400, 50035, texts.prompt.value)),
  lostAcknowledgement("a page of a proxy", status(502)),
  lostAcknowledgement("a connection that broke before", { kind: "reset", when: "before" }),
  lostAcknowledgement("a connection that broke after", { kind: "reset", when: "after" }),
  refusedMessage("with an error that quotes it", status(400, 50035, texts.answer.value), '"message refused"'),
  refusedMessage(
    "for a missing permission",
    status(403, 50013, texts.answer.value),
    '"an answer cannot be shown"',
  ),
  {
    path: "Discord: a message, with a connection that breaks again and again",
    async provoke({ discord, ask, shows }) {
      const match = { method: "POST", route: MESSAGES, body: /zqAns/, times: 2 };
      const planned = discord.faults.add(match, { kind: "reset", when: "before" });
      await shows(await ask(), texts.answer.value);
      planned.remove();
    },
  },
  {
    path: "Discord: 429",
    async provoke({ discord, ask, shows }) {
      discord.faults.add({ method: "POST", route: MESSAGES }, { kind: "too-many", retryAfterMs: 50 });
      await shows(await ask(), texts.answer.value);
    },
  },
  {
    path: "Discord: a thread that cannot be opened",
    async provoke({ discord, ask, shows }) {
      discord.faults.add({ method: "POST", route: /\/threads$/ }, status(403, 50013));
      await shows(await ask(), texts.answer.value);
    },
  },
  {
    path: "Discord: a private reply",
    logs: '"msg":"a private reply was lost"',
    async provoke({ discord, ana, room, bot }) {
      const from = bot.output().length;
      discord.faults.add({ method: "PATCH", route: ORIGINAL }, status(404, 10015));
      await ana.runs(room(), "/agents");
      await bot.writes("a private reply was lost", from);
    },
  },
  {
    path: "Discord: a form that cannot be opened",
    logs: /could not be handled|was lost/,
    async provoke({ discord, ana, room, bot }) {
      const from = bot.output().length;
      const alert = await ana.says(room(), texts.quoted.value);
      discord.faults.add({ method: "POST", route: CALLBACK, times: 2 }, status(400, 50035));
      await ana.uses(alert, "Ask an agent about this");
      await bot.writes(/could not be handled|was lost/, from);
    },
  },
  {
    path: "Discord: a form whose acknowledgement is lost, about a message, with an agent that fails",
    logs: "an acknowledgement was lost",
    async provoke({ discord, ana, room, plays, shows }) {
      const place = room();
      const alert = await ana.says(place, texts.quoted.value);
      const modal = await (await ana.uses(alert, "Ask an agent about this")).modal();
      discord.faults.add({ method: "POST", route: CALLBACK }, status(404, 10062));
      plays(script(say(`I read: ${texts.quoted.value}`)));
      await ana.submits(modal, { Agent: "k8s-agent", "Your question": texts.prompt.value });
      await shows(place, "I read: zqQuo");
    },
  },
  {
    path: "Discord: a click whose acknowledgement is lost",
    logs: '"msg":"an acknowledgement was lost"',
    async provoke(stage) {
      const room = await waiting(stage, scaling);
      const card = await stage.control(room, "Approve");
      stage.discord.faults.add({ method: "POST", route: CALLBACK }, status(404, 10062));
      await stage.boss.clicks(card, "Approve");
      await stage.shows(room, texts.answer.value);
    },
  },
  {
    path: "Discord: a rejection with a reason, whose acknowledgement is lost",
    logs: '"msg":"an acknowledgement was lost"',
    async provoke(stage) {
      const room = await waiting(stage, scaling);
      const why = "Reject with reason…";
      const form = await stage.boss.clicks(await stage.control(room, why), why);
      const modal = await form.modal();
      stage.discord.faults.add({ method: "POST", route: CALLBACK }, status(400, 50035));
      await stage.boss.submits(modal, { Reason: texts.reason.value });
      await stage.shows(room, texts.answer.value);
    },
  },
  {
    path: "Discord: an answer in a form, whose acknowledgement is lost",
    logs: '"msg":"an acknowledgement was lost"',
    async provoke(stage) {
      const room = await waiting(stage, askUser([{ question: "Which?" }]));
      const write = "Write an answer…";
      const form = await stage.ana.clicks(await stage.control(room, write), write);
      const modal = await form.modal();
      stage.discord.faults.add({ method: "POST", route: CALLBACK }, status(404, 10062));
      await stage.ana.submits(modal, { "Your answer": texts.form.value });
      await stage.shows(room, texts.answer.value);
    },
  },
  {
    path: "Discord: a card that cannot be shown",
    logs: '"msg":"a card cannot be shown anywhere"',
    async provoke(stage) {
      const match = { method: "POST", route: MESSAGES, body: /zqArg/, times: 20 };
      const planned = stage.discord.faults.add(match, status(403, 50013, texts.args.value));
      const from = stage.bot.output().length;
      await waiting(stage, scaling);
      await stage.bot.writes("a card cannot be shown anywhere", from);
      planned.remove();
    },
  },
  {
    path: "Discord: a file that is refused",
    logs: '"code":"file-refused"',
    async provoke({ ask, shows }) {
      const file = { name: texts.fileName.value, content: texts.file.value.repeat(3_000) };
      await shows(await ask({ file }), "is larger than 100 kB");
    },
  },
  {
    path: "Discord: a file that cannot be downloaded",
    logs: '"code":"file-refused"',
    async provoke({ discord, ask, shows }) {
      const { files } = discord.world;
      const asking = ask({ file: { name: texts.fileName.value, content: texts.file.value } });
      const newest = [...files.keys()].at(-1) ?? "";
      files.delete(newest);
      await shows(await asking, "is no longer at Discord");
    },
  },
  {
    path: "Discord: a member that cannot be looked up",
    async provoke({ discord, ana, shows }) {
      const match = { method: "GET", route: /\/members\/\d+/, times: 9 };
      const planned = discord.faults.add(match, { kind: "reset", when: "before" });
      await ana.says(ana.dm(), texts.prompt.value);
      await shows(ana.dm(), "Discord did not tell me");
      planned.remove();
    },
  },
  {
    path: "Discord: a completion without agents",
    async provoke({ ana, room }) {
      await ana.completes(room(), "/ask", "agent", texts.prompt.value.slice(0, 20));
    },
  },
  ...(
    [
      ["is dropped", ({ discord }: Stage) => discord.gateway.drop()],
      ["is closed with 4000", ({ discord }: Stage) => discord.gateway.close(4000, echo.slice(0, 100))],
      ["asks to reconnect", ({ discord }: Stage) => discord.gateway.askToReconnect()],
    ] as const
  ).map(
    ([how, act]): Path => ({
      path: `Discord: the gateway ${how}`,
      logs: '"msg":"gateway reconnecting"',
      async provoke(stage) {
        const { resumes } = stage.discord.gateway.stats;
        act(stage);
        await stage.discord.until(() => stage.discord.gateway.stats.resumes > resumes, { within: 15_000 });
      },
    }),
  ),
  {
    path: "Discord: a session that is lost, and messages that cannot be read then",
    async provoke({ discord }) {
      const match = { method: "GET", route: MESSAGES, times: 200 };
      const planned = discord.faults.add(match, status(400, 50035));
      discord.gateway.invalidate();
      await discord.until(() => planned.hits > 0, { within: 15_000 });
      planned.remove();
    },
  },
];
