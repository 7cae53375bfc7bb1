import type { AccessConfig } from "../../src/conversation/access.ts";
import type { Agent, AgentEvent } from "../../src/conversation/agent.ts";
import { createApprovalDesk } from "../../src/conversation/approval-desk.ts";
import type { Cards } from "../../src/conversation/cards.ts";
import { createContexts } from "../../src/conversation/context.ts";
import { createConversations } from "../../src/conversation/conversations.ts";
import type { Clock, Replies } from "../../src/conversation/ports.ts";
import type { Prompt } from "../../src/conversation/prompt.ts";
import { untraced } from "../../src/conversation/tracer.ts";
import type { Turn } from "../../src/conversation/turn.ts";
import { readApprovalRow, readOutboxRow } from "../../src/store/approval-rows.ts";
import { openStore } from "../../src/store/open.ts";
import { readConversationRow, readPlaceRow, readPrompt, readTurnRow } from "../../src/store/rows.ts";
import { systemClock } from "../../src/telemetry/clock.ts";
import { silentLog } from "../silent-log.ts";

export const ref = { cluster: "c", namespace: "kagent", name: "k8s-agent" };
export const prompt = (id: string): Prompt => ({
  id,
  place: { kind: "thread", channelId: "t1" },
  agent: ref,
  actor: { id: "ana", name: "ana", roleIds: [], bot: false, manager: false },
  text: id,
  files: [],
  discordMessageId: `m-${id}`,
  createdAt: Number(id.slice(1)),
});
export const later = () => new Promise((done) => setTimeout(done, 5));

/** Something that goes on when the test says so. */
export function gate() {
  let open = () => {};
  const opened = new Promise<void>((resolve) => {
    open = resolve;
  });
  return { opened, open: () => open() };
}

export function counter(): () => string {
  let last = 0;
  return () => {
    last += 1;
    return `id${last}`;
  };
}

const noCards: Cards = {
  show: async () => undefined,
  announce: async () => undefined,
  remind: async () => {},
};

/** Everybody of guild `g` may use everything. */
export const openAccess: AccessConfig = {
  guildIds: [],
  channelIds: [],
  directMessages: { enabled: true, userIds: [] },
  botIds: [],
  rules: [],
};

/** The core on a memory store, with an agent whose runs end when the test says so. */
export async function setUp(over: { readonly agent?: Partial<Agent>; readonly clock?: Clock } = {}) {
  const store = await openStore("memory:", { clock: { now: () => 0 }, log: silentLog });
  const sent: string[] = [];
  const shown: Turn[] = [];
  const notices: string[] = [];
  const answer = gate();
  async function* run(text: string): AsyncIterable<AgentEvent> {
    sent.push(text);
    yield { kind: "task", taskId: `task-${text}`, contextId: "ctx" };
    await answer.opened;
    yield { kind: "over", outcome: "completed" };
  }
  const agent: Agent = {
    ref,
    send: (message) => run(message.text),
    follow: (task) => run(task.taskId),
    cancel: async () => "unsupported",
    look: async () => ({ state: "working" }),
    find: async () => undefined,
    ...over.agent,
  };
  const replies: Replies = {
    open: () => ({
      show: () => {},
      async settle(turn) {
        shown.push(turn);
        return true;
      },
    }),
    async queued(one, waiting, wanted) {
      if (!wanted()) return undefined;
      notices.push(`${one.id}@${waiting.kind === "position" ? waiting.position : waiting.kind}`);
      return `notice-${one.id}`;
    },
    removed: async () => {},
  };
  const stores = {
    turns: store.collection("turn", readTurnRow),
    queue: store.collection("queue", readPrompt),
    asked: store.collection("asked", readPrompt),
    conversations: store.collection("conversation", readConversationRow),
  };
  const make = (replaced: Partial<typeof stores> = {}, nextId = counter()) => {
    const all = { ...stores, ...replaced };
    const directory = { list: async () => [], known: () => [], agent: () => agent };
    const contexts = createContexts(all.conversations, store.collection("place", readPlaceRow), nextId);
    const clock = over.clock ?? systemClock;
    const audit = { write: async () => {} };
    const tracer = untraced(() => "00-0-0-01");
    const { pauses } = createApprovalDesk({
      rows: store.collection("approval", readApprovalRow),
      decisions: store.collection("decision", readOutboxRow),
      directory,
      contexts,
      audit,
      cards: noCards,
      tracer,
      approval: { rules: [], expiresAfterMs: 86_400_000 },
      serving: () => ({ access: openAccess, presence: { guildIds: ["g"] } }),
      clock,
      log: silentLog,
      newId: nextId,
    });
    return createConversations({
      ...all,
      directory,
      replies,
      attachments: { fetch: async () => [] },
      contexts,
      pauses,
      audit,
      clock,
      log: silentLog,
      newId: nextId,
      tracer,
      queueLimit: 5,
    });
  };
  return { make, stores, sent, shown, notices, answer };
}
