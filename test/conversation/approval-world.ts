import { requestId } from "../../src/conversation/approval.ts";
import { createApprovalDesk } from "../../src/conversation/approval-desk.ts";
import type { CardState } from "../../src/conversation/approval-row.ts";
import type { Approvals } from "../../src/conversation/approvals.ts";
import type { AuditRecord } from "../../src/conversation/audit.ts";
import type { Cards } from "../../src/conversation/cards.ts";
import { createContexts } from "../../src/conversation/context.ts";
import { type Conversations, createConversations } from "../../src/conversation/conversations.ts";
import { BridgeError } from "../../src/conversation/errors.ts";
import type { ApprovalConfig } from "../../src/conversation/policy.ts";
import type { Clock, Replies } from "../../src/conversation/ports.ts";
import { untraced } from "../../src/conversation/tracer.ts";
import { readApprovalRow, readOutboxRow } from "../../src/store/approval-rows.ts";
import { createCollection } from "../../src/store/collection.ts";
import type { Driver } from "../../src/store/driver.ts";
import { openMemory } from "../../src/store/memory.ts";
import { readConversationRow, readPlaceRow, readPrompt, readTurnRow } from "../../src/store/rows.ts";
import { silentLog } from "../silent-log.ts";
import { counter, openAccess, ref } from "./core.ts";
import { createManualClock, type ManualClock } from "./manual-clock.ts";
import type { PausingAgent } from "./pausing-agent.ts";

/** A process of the bot. Dead, nothing of it ever goes on, as after SIGKILL. */
export interface Process {
  readonly approvals: Approvals;
  readonly conversations: Conversations;
  isAlive(): boolean;
  die(): void;
  /** Dies at so many calls of the store from now, before or after that call did something. */
  dieAt(calls: number, afterwards: boolean): void;
}

/** What outlives every process: the store, Discord, the agent, the audit log and the time. */
export interface ApprovalWorld {
  readonly clock: ManualClock;
  /** By request id: how its card was last seen. */
  readonly cards: ReadonlyMap<string, CardState>;
  readonly audit: readonly AuditRecord[];
  /** Whether Discord takes cards. */
  discord: boolean;
  /** Calls of the store, and records of the audit log, that fail, counted down. */
  storeFaults: number;
  auditFaults: number;
  start(): Promise<Process>;
  waiting(): Promise<readonly string[]>;
  unfinished(): Promise<number>;
}

type Stop = () => Promise<void>;

export function createApprovalWorld(
  connectAgent: (clock: ManualClock) => PausingAgent,
  approval: ApprovalConfig,
): { readonly world: ApprovalWorld; readonly agent: PausingAgent } {
  const clock = createManualClock();
  const agent = connectAgent(clock);
  const driver = openMemory();
  const cards = new Map<string, CardState>();
  const audit: AuditRecord[] = [];
  const newId = counter();
  const state = { discord: true, storeFaults: 0, auditFaults: 0 };

  async function start(): Promise<Process> {
    const life = { alive: true, callsLeft: Number.POSITIVE_INFINITY, afterwards: false };
    const forever = () => new Promise<never>(() => {});
    const die = () => {
      life.alive = false;
    };
    /** Nothing leaves a dead process, and nothing reaches it. */
    async function inLife<T>(work: () => Promise<T>): Promise<T> {
      if (!life.alive) return forever();
      const done = await work();
      return life.alive ? done : forever();
    }
    const own: Clock = { now: clock.now, sleep: (ms, signal) => inLife(() => clock.sleep(ms, signal)) };
    const disturb = async (stop: Stop, before: boolean) => {
      if (before) life.callsLeft -= 1;
      if (life.callsLeft <= 0 && life.afterwards !== before) {
        die();
        await stop();
      }
      if (!before || state.storeFaults <= 0) return;
      state.storeFaults -= 1;
      throw new BridgeError("store-failed", "The store is broken.");
    };
    const mine = disturbed(driver, (work) =>
      inLife(async () => {
        await disturb(forever, true);
        const result = await work();
        await disturb(forever, false);
        return result;
      }),
    );
    const context = { driver: mine, clock, log: silentLog };
    const posted: Cards = {
      show: (card) =>
        inLife(async () => {
          if (!state.discord) throw new Error("Discord is away");
          cards.set(card.row.id, card.state);
          return { channelId: card.row.place.channelId, messageId: `card-${card.row.id}` };
        }),
      announce: async () => undefined,
      remind: async () => {},
    };
    const replies: Replies = {
      open: () => ({ show: () => {}, settle: () => inLife(async () => true) }),
      queued: async () => undefined,
      removed: async () => {},
    };
    const connection = agent.connect(own, die);
    const directory = {
      list: async () => [],
      known: () => [],
      agent: () => ({
        ...connection,
        look: (task: Parameters<typeof connection.look>[0]) => inLife(() => connection.look(task)),
      }),
    };
    const contexts = createContexts(
      createCollection(context, "conversation", readConversationRow),
      createCollection(context, "place", readPlaceRow),
      newId,
    );
    const written = {
      write: (record: AuditRecord) =>
        inLife(async () => {
          if (state.auditFaults > 0) {
            state.auditFaults -= 1;
            throw new BridgeError("store-failed", "The audit log is broken.");
          }
          audit.push(record);
        }),
    };
    const tracer = untraced(() => "00-0-0-01");
    const shared = { directory, contexts, tracer, audit: written, clock: own, log: silentLog, newId };
    const { pauses, approvals } = createApprovalDesk({
      ...shared,
      rows: createCollection(context, "approval", readApprovalRow),
      decisions: createCollection(context, "decision", readOutboxRow),
      cards: posted,
      approval,
      serving: () => ({ access: openAccess, presence: { guildIds: ["g"] } }),
    });
    const conversations = createConversations({
      ...shared,
      pauses,
      replies,
      attachments: { fetch: async () => [] },
      turns: createCollection(context, "turn", readTurnRow),
      queue: createCollection(context, "queue", readPrompt),
      asked: createCollection(context, "asked", readPrompt),
      queueLimit: 5,
    });
    void conversations.recover().catch(() => die());
    return {
      approvals,
      conversations,
      isAlive: () => life.alive,
      die,
      dieAt(calls, afterwards) {
        life.callsLeft = calls;
        life.afterwards = afterwards;
      },
    };
  }

  const world: ApprovalWorld = {
    clock,
    cards,
    audit,
    get discord() {
      return state.discord;
    },
    set discord(works) {
      state.discord = works;
    },
    get storeFaults() {
      return state.storeFaults;
    },
    set storeFaults(count) {
      state.storeFaults = count;
    },
    get auditFaults() {
      return state.auditFaults;
    },
    set auditFaults(count) {
      state.auditFaults = count;
    },
    start,
    waiting: async () => {
      const rows = createCollection({ driver, clock, log: silentLog }, "approval", readApprovalRow);
      return (await rows.list("")).map(({ key }) => key);
    },
    unfinished: async () => {
      const rows = createCollection({ driver, clock, log: silentLog }, "turn", readTurnRow);
      return (await rows.list("")).length;
    },
  };
  return { world, agent };
}

/** Every call of a driver goes through `call`. */
function disturbed(driver: Driver, call: <T>(work: () => Promise<T>) => Promise<T>): Driver {
  return {
    read: (key) => call(() => driver.read(key)),
    write: (key, text) => call(() => driver.write(key, text)),
    remove: (key) => call(() => driver.remove(key)),
    range: (prefix) => call(() => driver.range(prefix)),
    insert: (key, text, now) => call(() => driver.insert(key, text, now)),
    replace: (key, expected, text) => call(() => driver.replace(key, expected, text)),
    sweep: (now) => call(() => driver.sweep(now)),
    newestSchema: () => call(() => driver.newestSchema()),
    close: () => driver.close(),
  };
}

/** The id under which a pause of a task is known. */
export const idOf = (request: Parameters<typeof requestId>[1]) => requestId(ref, request);
