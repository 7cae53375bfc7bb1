import type { ChatInputCommandInteraction } from "discord.js";
import { isServedGuild, mayAsk } from "../../conversation/access.ts";
import type { Card } from "../../conversation/approval-row.ts";
import { BridgeError } from "../../conversation/errors.ts";
import { commandFor, isReachable } from "../../conversation/routing.ts";
import type { AgentList, CommandContext, WaitingApproval } from "../command.ts";
import { messageUrl } from "../view/card-words.ts";
import type { Asking } from "./asking.ts";
import { actorOfInteraction, deciderOf, fileOf, placeOf } from "./event.ts";
import { interactionFront } from "./interaction-front.ts";
import { pagesOf } from "./pages.ts";
import { speechless, threadChance } from "./permissions.ts";
import { privately } from "./private-reply.ts";
import { applicantIn } from "./quota-refusal.ts";
import { refusalFor, sentenceFor } from "./refusal.ts";
import { channelOf, UNSEEN_CHANNEL } from "./sight.ts";
import type { Surroundings, ThreadChance } from "./surroundings.ts";
import { openCardIn, stopRefusal } from "./waiting-here.ts";

/** The verbs of a slash command, bound to one interaction. */
export async function chatContext(
  around: Surroundings,
  asking: Asking,
  interaction: ChatInputCommandInteraction,
): Promise<CommandContext> {
  const actor = actorOfInteraction(interaction);
  const channel = await channelOf(interaction);
  if (!channel) throw new BridgeError("discord-failed", UNSEEN_CHANNEL);
  const place = placeOf(channel);
  const { conversations, routing } = around;

  return {
    actor,
    place,
    routes: routing.routes,
    clusters: routing.clusters,
    defaultAgent: routing.defaultAgent,
    text: (option) => interaction.options.getString(option) ?? undefined,
    file(option) {
      const attachment = interaction.options.getAttachment(option);
      return attachment ? fileOf(attachment) : undefined;
    },
    ask(question) {
      const thread = chanceFor(interaction);
      const mute = speechless(channel, interaction.appPermissions, thread);
      if (mute !== undefined) return privately(around, interaction, mute);
      return asking.ask({ ...question, actor, place, thread }, interactionFront(around, interaction));
    },
    async answer(text) {
      for (const page of pagesOf(text)) await privately(around, interaction, page);
    },
    agents: () => listAgents(around, actor),
    async status() {
      const here = await conversations.status(place);
      return { ...here, contextId: here.agent && (await conversations.contextOf(place, here.agent)) };
    },
    botStatus: () => botStatus(around),
    usage: async () => (await around.quotas?.usage(applicantIn(actor, place))) ?? [],
    async stop() {
      const { running, agent } = await conversations.status(place);
      const target = running?.agent ?? agent;
      const refusal = await stopRefusal(around, deciderOf(interaction), place, target);
      if (refusal !== undefined) return (await openCardIn(around, place)) ? "not-concerned" : "not-allowed";
      return conversations.stop(place, actorOfInteraction(interaction));
    },
    async doctor() {
      const { guildId } = place;
      const isServed = guildId !== undefined && isServedGuild(around.access, around.presence(), guildId);
      return isServed && actor.manager ? around.doctor(guildId) : "not-allowed";
    },
    async approvals() {
      const cards = await around.approvals.waitingFor(deciderOf(interaction));
      return cards.map((card) => waitingApproval(around, card));
    },
    async renew() {
      const agent = await conversations.agentOf(place);
      if (!agent) return undefined;
      if ((await refusalFor(around, actor, place, agent)) !== undefined) return "not-allowed";
      await conversations.renew(place, agent);
      return agent;
    },
  };
}

function waitingApproval(around: Surroundings, { row }: Card): WaitingApproval {
  return {
    agent: around.label(row.agent),
    asker: row.asker.name,
    tools: row.request.items.flatMap((item) => (item.kind === "operation" ? [item.tool] : [])),
    questions: row.request.items.flatMap((item) => (item.kind === "questions" ? item.questions : [])).length,
    requestedAt: row.requestedAt,
    expiresAt: row.expiresAt,
    ...(row.card ? { link: messageUrl(row.place, row.card) } : {}),
  };
}

/** What the interaction itself says of the bot's permissions there. */
function chanceFor(interaction: ChatInputCommandInteraction): ThreadChance {
  const { channel } = interaction;
  if (!channel) return { possible: false, missing: [] };
  return threadChance(channel, interaction.appPermissions, interaction.client.user.id);
}

async function listAgents(around: Surroundings, actor: CommandContext["actor"]): Promise<AgentList> {
  const lists = await Promise.all(
    around.routing.clusters.map(({ name, label }) =>
      around.directory.list(name).then(
        (agents) => ({ agents, problem: undefined }),
        (error: unknown) => ({ agents: [], problem: `${label}: ${sentenceFor(around, error)}` }),
      ),
    ),
  );
  const agents = lists
    .flatMap((one) => one.agents)
    .filter((one) => isReachable(around.routing, one.ref) && mayAsk(around.access, actor, one.ref).allowed)
    .map((one) => {
      const command = commandFor(around.routing, one.ref);
      return command === undefined ? one : { ...one, command };
    });
  return { agents, problems: lists.flatMap((one) => (one.problem === undefined ? [] : [one.problem])) };
}

async function botStatus(around: Surroundings) {
  const clusters = await Promise.all(
    around.routing.clusters.map(({ name }) =>
      around.directory.list(name).then(
        (agents) => ({ name, reachable: true, agents: agents.length }),
        () => ({ name, reachable: false, agents: 0 }),
      ),
    ),
  );
  return {
    gateway: around.gateway(),
    running: around.conversations.running(),
    version: around.version,
    clusters,
  };
}
