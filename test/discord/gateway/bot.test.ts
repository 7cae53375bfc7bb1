import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, it, onTestFinished } from "vitest";
import { createBot } from "../../../src/discord/gateway/bot.ts";
import { createClient } from "../../../src/discord/gateway/client.ts";
import type { Surroundings } from "../../../src/discord/gateway/surroundings.ts";
import { silentLog } from "../../silent-log.ts";

/** A Discord that takes requests and never answers. */
async function silentDiscord(): Promise<string> {
  const server = createServer(() => {});
  await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  return `http://127.0.0.1:${typeof address === "object" ? address?.port : 0}/api`;
}

function unexpected(): never {
  throw new Error("nothing happens in this test");
}

/** What a bot needs that hears nothing; every wait is over at once. */
const around: Surroundings = {
  conversations: {
    ask: unexpected,
    needRoom: unexpected,
    position: unexpected,
    stop: unexpected,
    promptOf: unexpected,
    renew: unexpected,
    agentOf: unexpected,
    setAgent: unexpected,
    contextOf: unexpected,
    status: unexpected,
    editWaiting: unexpected,
    removeWaiting: unexpected,
    leave: unexpected,
    recover: unexpected,
    hold: unexpected,
    close: unexpected,
    running: () => 0,
    unfinished: () => [],
  },
  approvals: {
    card: unexpected,
    mayDecide: unexpected,
    decide: unexpected,
    answer: unexpected,
    sendAgain: unexpected,
    inPlace: unexpected,
    waiting: unexpected,
    waitingFor: unexpected,
    rejectWhere: unexpected,
    cardDeleted: unexpected,
    showAgain: unexpected,
  },
  cardLook: { clusters: [], guardNow: unexpected },
  directory: { list: unexpected, known: () => [], agent: unexpected },
  channels: {
    post: unexpected,
    edit: unexpected,
    openThread: unexpected,
    reopen: unexpected,
    isMember: unexpected,
  },
  access: {
    guildIds: [],
    channelIds: [],
    directMessages: { enabled: false, userIds: [] },
    botIds: [],
    rules: [],
  },
  routing: {
    namespace: "kagent",
    clusters: [],
    defaultCluster: "default",
    routes: [],
    defaultAgent: "k8s-agent",
    bindings: [],
    rules: [],
  },
  commands: [],
  seen: {
    get: unexpected,
    set: unexpected,
    delete: unexpected,
    list: unexpected,
    claim: unexpected,
    cas: unexpected,
  },
  pending: {
    get: unexpected,
    set: unexpected,
    delete: unexpected,
    list: unexpected,
    claim: unexpected,
    cas: unexpected,
  },
  clock: { now: () => 0, sleep: () => sleep(50) },
  log: silentLog,
  newId: () => "id",
  version: "0",
  mentionOnly: false,
  messageContent: true,
  label: (agent) => agent.name,
  presence: () => ({ guildIds: [] }),
  isMember: async () => false,
  doctor: async () => [],
  botId: () => "bot",
  gateway: () => ({ connected: true, pingMs: undefined }),
};

it("a start while Discord is silent ends with a sentence, although the login still hangs", async () => {
  const apiUrl = await silentDiscord();
  const client = createClient({ token: "x".repeat(50), apiUrl, messageContent: true });
  const form = { title: "t", question: "q", agent: "a" };
  const bot = createBot(client, around, form, () => {});
  await expect(bot.start("x".repeat(50))).rejects.toThrow("did not become ready within 30 seconds");
  await bot.stop();
});
