/**
 * Names of attributes, in one place: the GenAI conventions are still in development.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-agent-spans/
 */
export const ATTRIBUTES = {
  operation: "gen_ai.operation.name",
  provider: "gen_ai.provider.name",
  agentName: "gen_ai.agent.name",
  agentId: "gen_ai.agent.id",
  conversation: "gen_ai.conversation.id",
  inputTokens: "gen_ai.usage.input_tokens",
  outputTokens: "gen_ai.usage.output_tokens",
  inputMessages: "gen_ai.input.messages",
  outputMessages: "gen_ai.output.messages",
  serverAddress: "server.address",
  serverPort: "server.port",
  errorType: "error.type",
  method: "http.request.method",
  status: "http.response.status_code",
  urlTemplate: "url.template",
  database: "db.system.name",
  databaseOperation: "db.operation.name",
  user: "user.id",
  turn: "kagent_discord.turn.id",
  reference: "kagent_discord.reference",
  outcome: "kagent_discord.outcome",
  cluster: "kagent_discord.cluster",
  task: "kagent_discord.task.id",
  pauses: "kagent_discord.pauses",
  tools: "kagent_discord.tools",
  waited: "kagent_discord.waited_ms",
  reading: "kagent_discord.reading",
  reconnects: "kagent_discord.reconnects",
  interaction: "kagent_discord.interaction.id",
  interactionKind: "kagent_discord.interaction.kind",
  command: "kagent_discord.command",
  message: "kagent_discord.message.id",
  guild: "kagent_discord.guild.id",
  channel: "kagent_discord.channel.id",
} as const;

/** What makes our spans, and who sends them where nobody says otherwise. */
export const SCOPE = "kagent-discord";
