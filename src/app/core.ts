import { randomBytes } from "node:crypto";
import type { Config } from "../config/config.ts";
import type { Presence } from "../conversation/access.ts";
import type { AgentRef } from "../conversation/agent-ref.ts";
import { createApprovalDesk } from "../conversation/approval-desk.ts";
import type { Approvals } from "../conversation/approvals.ts";
import { createContexts } from "../conversation/context.ts";
import { type Conversations, createConversations } from "../conversation/conversations.ts";
import { observeDecisions } from "../conversation/decision-observer.ts";
import { guardFor } from "../conversation/policy.ts";
import type { Clock, Log } from "../conversation/ports.ts";
import { untraced } from "../conversation/tracer.ts";
import { observeReplies } from "../conversation/turn-observer.ts";
import { notingReplies } from "../discord/gateway/handled.ts";
import { knownLock } from "../discord/gateway/sight.ts";
import { createWatermarks, type Watermarks } from "../discord/gateway/watermarks.ts";
import { createCards } from "../discord/rest/cards.ts";
import { createCdn } from "../discord/rest/cdn.ts";
import { createReplies } from "../discord/rest/reply.ts";
import type { CardLook } from "../discord/view/card-view.ts";
import { safeInline } from "../discord/view/safe-text.ts";
import { readApprovalRow, readOutboxRow } from "../store/approval-rows.ts";
import { readWatermark } from "../store/catch-up-rows.ts";
import { readConversationRow, readPlaceRow, readPrompt, readTurnRow } from "../store/rows.ts";
import { createTraceparent } from "../telemetry/traceparent.ts";
import type { Tracing } from "../telemetry/tracing.ts";
import type { Connections } from "./connections.ts";
import type { Observers } from "./observers.ts";
import { createPeople, type People } from "./people.ts";

/** What the core needs beside its connections. `isClosed`: the process is ending, nothing more is sent. */
export interface CoreContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly isClosed: () => boolean;
  readonly observers?: Observers | undefined;
  readonly tracing?: Tracing | undefined;
}

/** Conversations, and the decisions that they wait for. */
export interface Core extends People {
  readonly conversations: Conversations;
  readonly approvals: Approvals;
  /** Up to where people's messages are dealt with. */
  readonly watermarks: Watermarks;
}

/** The core on top of Discord, the agents, the store and the evidence trail. */
export function createCore(
  config: Config,
  connections: Connections,
  { clock, log, isClosed, observers, tracing }: CoreContext,
): Core {
  const { directory, scheduler, channels, store, audit } = connections;
  const { discord, limits } = config;
  const contexts = createContexts(
    store.collection("conversation", readConversationRow),
    store.collection("place", readPlaceRow),
    newId,
  );
  const watermarks = createWatermarks(store.collection("watermark", readWatermark), log);
  const { channelId } = config.approvals;
  const tracer = tracing?.turns ?? untraced(createTraceparent);
  const rows = store.collection("approval", readApprovalRow);
  const decisions = store.collection("decision", readOutboxRow);
  const { pauses, approvals } = createApprovalDesk({
    rows,
    decisions: observers ? observeDecisions(decisions, rows, observers.decisions) : decisions,
    directory,
    cards: createCards({
      scheduler,
      log,
      clock,
      look: cardLookOf(config),
      isLocked: (threadId) => knownLock(connections.client, threadId),
      ...(channelId === undefined ? {} : { channelId }),
    }),
    contexts,
    audit,
    tracer,
    approval: config.approvals,
    serving: () => ({ access: config.access, presence: presenceOf(connections) }),
    clock,
    log,
    newId,
  });
  const replies = notingReplies(
    createReplies({
      scheduler,
      channels,
      clock,
      log,
      label: (agent) => labelOf(config, agent),
      maxMessages: limits.maxMessages,
      notify: discord.notify === "requester",
      feedback: discord.feedback,
      isClosed,
    }),
    watermarks,
  );
  const conversations = createConversations({
    directory,
    pauses,
    audit,
    replies: observers ? observeReplies(replies, observers.turns, clock) : replies,
    attachments: createCdn(discord),
    contexts,
    turns: store.collection("turn", readTurnRow),
    queue: store.collection("queue", readPrompt),
    asked: store.collection("asked", readPrompt),
    clock,
    log,
    newId,
    tracer,
    queueLimit: limits.queueLength,
  });
  const people = createPeople(config, connections, { contexts, conversations, clock, log, observers });
  return { conversations, approvals, watermarks, ...people };
}

/** The guilds that the bot is in right now. */
export function presenceOf({ client }: Connections): Presence {
  return { guildIds: [...client.guilds.cache.keys()] };
}

/** What cards show beside their pause. */
export function cardLookOf({ routing, approvals }: Config): CardLook {
  return {
    clusters: routing.clusters,
    guardNow: (agent, item) => guardFor(approvals, agent, item),
  };
}

/** Random, and without `/` and `_`: 12 characters. */
export function newId(): string {
  return randomBytes(9).toString("base64url").replaceAll("_", "-");
}

/** An agent as people read it: its cluster only where there is more than one. */
export function labelOf({ routing }: Config, agent: AgentRef): string {
  const name = safeInline(agent.name);
  if (routing.clusters.length < 2) return name;
  const cluster = routing.clusters.find((one) => one.name === agent.cluster);
  return `${name} on ${safeInline(cluster?.label ?? agent.cluster)}${cluster?.production ? " ⚠️ production" : ""}`;
}
