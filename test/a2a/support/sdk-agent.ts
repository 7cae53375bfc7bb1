import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { type AgentCard, type Message, type Part, Role, type Task, TaskState } from "@a2a-js/sdk";
import { LegacyJsonRpcTransportHandler } from "@a2a-js/sdk/compat/v0_3/server";
import {
  AgentEvent,
  type AgentExecutor,
  DefaultRequestHandler,
  type ExecutionEventBus,
  InMemoryTaskStore,
  JsonRpcTransportHandler,
  type RequestContext,
  ServerCallContext,
} from "@a2a-js/sdk/server";
import { onTestFinished } from "vitest";

export type Wire = "0.3" | "1.0";

/** What an agent of the official SDK does with a prompt, once its task exists. */
export type Behaviour = (run: SdkRun) => Promise<void>;

/** One run with verbs instead of events. */
interface SdkRun {
  readonly prompt: string;
  readonly files: number;
  artifact(
    id: string,
    text: string,
    flags?: { readonly append?: boolean; readonly lastChunk?: boolean },
  ): void;
  status(state: TaskState, text?: string): void;
  /** The prompt was canceled. */
  readonly canceled: Promise<void>;
}

/** An agent process built with the official SDK, at `/`; `drop` cuts every open connection. */
export async function startSdkAgent(
  wire: Wire,
  behave: Behaviour,
): Promise<{ readonly url: string; readonly prompts: readonly string[]; drop(): void }> {
  const prompts: string[] = [];
  const executor = createExecutor(behave, prompts);
  const requests = new DefaultRequestHandler(cardFor(wire), new InMemoryTaskStore(), executor);
  const transport =
    wire === "0.3" ? new LegacyJsonRpcTransportHandler(requests) : new JsonRpcTransportHandler(requests);
  const server = createServer(async (request, response) => {
    if (request.method === "GET") return void response.writeHead(404).end();
    const requestedVersion = String(request.headers["a2a-version"] ?? "0.3");
    const answer = await transport.handle(await textOf(request), new ServerCallContext({ requestedVersion }));
    await deliver(answer, response);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  return { url: `http://127.0.0.1:${address.port}`, prompts, drop: () => server.closeAllConnections() };
}

async function textOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request) text += String(chunk);
  return text;
}

async function deliver(answer: object, response: ServerResponse): Promise<void> {
  if (!isStream(answer)) {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(answer));
    return;
  }
  response.writeHead(200, { "content-type": "text/event-stream" });
  const write = (event: unknown): unknown => response.write(`data: ${JSON.stringify(event)}\n\n`);
  try {
    for await (const event of answer) write(event);
  } catch (error) {
    write({ jsonrpc: "2.0", id: null, error: JsonRpcTransportHandler.mapToJSONRPCError(error) });
  }
  response.end();
}

function isStream(answer: object): answer is AsyncIterable<unknown> {
  return Symbol.asyncIterator in answer;
}

function createExecutor(behave: Behaviour, prompts: string[]): AgentExecutor {
  const cancels = new Map<string, () => void>();
  return {
    async execute(context, bus) {
      const canceled = new Promise<void>((resolve) => cancels.set(context.taskId, resolve));
      const run = createRun(context, bus, canceled);
      prompts.push(run.prompt);
      bus.publish(AgentEvent.task(newTask(context)));
      await behave(run);
      bus.finished();
    },
    async cancelTask(taskId) {
      cancels.get(taskId)?.();
    },
  };
}

function createRun(context: RequestContext, bus: ExecutionEventBus, canceled: Promise<void>): SdkRun {
  const { taskId, contextId, userMessage } = context;
  const ids = { taskId, contextId, metadata: undefined };
  const texts = userMessage.parts.flatMap(({ content }) =>
    content?.$case === "text" ? [content.value] : [],
  );
  return {
    prompt: texts.join(""),
    files: userMessage.parts.filter(({ content }) => content?.$case === "raw").length,
    canceled,
    artifact(artifactId, text, { append = false, lastChunk = false } = {}) {
      const artifact = {
        artifactId,
        name: "",
        description: "",
        parts: [textPart(text)],
        metadata: undefined,
        extensions: [],
      };
      bus.publish(AgentEvent.artifactUpdate({ ...ids, artifact, append, lastChunk }));
    },
    status(state, text) {
      const message = text === undefined ? undefined : agentMessage(contextId, taskId, text);
      bus.publish(
        AgentEvent.statusUpdate({ ...ids, status: { state, message, timestamp: new Date().toISOString() } }),
      );
    },
  };
}

function newTask({ taskId, contextId, userMessage }: RequestContext): Task {
  const status = { state: TaskState.TASK_STATE_SUBMITTED, message: undefined, timestamp: undefined };
  return { id: taskId, contextId, status, artifacts: [], history: [userMessage], metadata: undefined };
}

function agentMessage(contextId: string, taskId: string, text: string): Message {
  const common = {
    messageId: `a-${text}`,
    contextId,
    taskId,
    role: Role.ROLE_AGENT,
    parts: [textPart(text)],
  };
  return { ...common, metadata: undefined, extensions: [], referenceTaskIds: [] };
}

function textPart(value: string): Part {
  return { content: { $case: "text", value }, metadata: undefined, filename: "", mediaType: "" };
}

function cardFor(protocolVersion: Wire): AgentCard {
  return {
    name: "sdk agent",
    description: "",
    supportedInterfaces: [{ url: "/", protocolBinding: "JSONRPC", tenant: "", protocolVersion }],
    provider: undefined,
    version: "1",
    capabilities: { streaming: true, extensions: [] },
    securitySchemes: {},
    securityRequirements: [],
    defaultInputModes: ["text"],
    defaultOutputModes: ["text"],
    skills: [],
    signatures: [],
  };
}
