import { randomBytes } from "node:crypto";
import type { Config } from "../config/config.ts";
import type { AgentRef } from "../conversation/agent-ref.ts";
import { createContexts } from "../conversation/context.ts";
import { type Conversations, createConversations } from "../conversation/conversations.ts";
import type { Clock, Log } from "../conversation/ports.ts";
import { createCdn } from "../discord/rest/cdn.ts";
import { createReplies } from "../discord/rest/reply.ts";
import { safeInline } from "../discord/view/safe-text.ts";
import { readConversationRow, readPlaceRow, readPrompt, readTurnRow } from "../store/rows.ts";
import { createTraceparent } from "../telemetry/traceparent.ts";
import type { Connections } from "./connections.ts";

/** What the core needs beside its connections. `isClosed`: the process is ending, nothing more is sent. */
export interface CoreContext {
  readonly clock: Clock;
  readonly log: Log;
  readonly isClosed: () => boolean;
}

/** The conversations on top of Discord, the agents and the store. */
export function createCore(
  config: Config,
  { directory, scheduler, channels, store }: Connections,
  { clock, log, isClosed }: CoreContext,
): Conversations {
  const { discord, limits } = config;
  return createConversations({
    directory,
    replies: createReplies({
      scheduler,
      channels,
      clock,
      log,
      label: (agent) => labelOf(config, agent),
      maxMessages: limits.maxMessages,
      notify: discord.notify === "requester",
      isClosed,
    }),
    attachments: createCdn(discord),
    contexts: createContexts(
      store.collection("conversation", readConversationRow),
      store.collection("place", readPlaceRow),
      newId,
    ),
    turns: store.collection("turn", readTurnRow),
    queue: store.collection("queue", readPrompt),
    asked: store.collection("asked", readPrompt),
    clock,
    log,
    newId,
    newTraceparent: createTraceparent,
    queueLimit: limits.queueLength,
  });
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
