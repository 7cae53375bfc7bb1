import type { AgentDefinition } from "../../../emulator/agent/agent.ts";
import { type Kagent, type KagentOptions, startKagent } from "../../../emulator/agent/kagent.ts";
import { pause, type Script, say } from "../../../emulator/agent/script.ts";
import { operation } from "../../../emulator/agent/tool-call.ts";
import { call, prompt as promptV03, promptV10, type RawAnswer } from "./raw-client.ts";

const hitl = "https://kagent.dev/extensions/hitl/v1";

/** The dialects that pauses differ in, each as the client meets it. */
export const dialects = {
  "python 0.3": { runtime: "python", speaks: "0.3", surface: "controller" },
  "go 0.3": { runtime: "go", speaks: "0.3", surface: "controller" },
  "python 1.0": { runtime: "python", speaks: "1.0", surface: "main" },
  "go 1.0": { runtime: "go", speaks: "1.0", surface: "main" },
} as const;

export type DialectName = keyof typeof dialects;

/** Scales once, if it may, and says what came of it. */
const scaling: Script = function* () {
  yield say("I will scale checkout. ");
  const reply = yield pause(
    "",
    operation("k8s_scale", { name: "checkout", replicas: 4 }, { output: "scaled" }),
  );
  yield say(`So: ${reply?.decided?.map(({ result }) => result).join("; ")}`);
};

/** A kagent of one dialect with one scripted agent (and more, for those that call each other). */
export async function pausing(
  name: DialectName,
  answer: Script = scaling,
  { others = [], options = {}, agent = {} }: Extras = {},
): Promise<Stage> {
  const { surface, ...dialect } = dialects[name];
  const common = { description: "pauses", ...dialect, ...agent };
  const kagent = await startKagent({
    speed: 0,
    surface,
    ...options,
    agents: [
      { ...common, name: "k8s-agent", answer: () => answer },
      ...others.map((other) => ({ ...common, name: other.name, answer: () => other.answer })),
    ],
  });
  const k8s = kagent.agent("k8s-agent");
  const v10 = dialect.speaks === "1.0";
  const headers = v10 ? { "a2a-version": "1.0", "a2a-extensions": hitl } : {};
  const method = (old: string, now: string) => (v10 ? now : old);
  const rpc = (url: string, params: unknown, asked: string, more: Headers = {}) =>
    call(url, { method: asked, params, headers: { ...headers, ...more } });
  const stream = method("message/stream", "SendStreamingMessage");
  return {
    kagent,
    k8s,
    ask: (text = "scale it", contextId = "c-1") =>
      rpc(k8s.url, v10 ? promptV10(text, contextId) : promptV03(text, contextId), stream),
    reply: (message, more = {}, url = k8s.url) => rpc(url, { message }, stream, more),
    async look(taskId, url = k8s.url) {
      const read = await rpc(url, { id: taskId }, method("tasks/get", "GetTask"));
      return JSON.parse(read.text).result;
    },
    cancel: (taskId) => rpc(k8s.url, { id: taskId }, method("tasks/cancel", "CancelTask")),
    task() {
      const run = kagent.runs().find((one) => one.agent === "k8s-agent");
      return { taskId: run?.taskId ?? "", contextId: run?.contextId ?? "" };
    },
  };
}

type Headers = Readonly<Record<string, string>>;

interface Extras {
  readonly others?: readonly { readonly name: string; readonly answer: Script }[];
  readonly options?: Partial<KagentOptions>;
  readonly agent?: Partial<AgentDefinition>;
}

interface Stage {
  readonly kagent: Kagent;
  readonly k8s: ReturnType<Kagent["agent"]>;
  ask(text?: string, contextId?: string): Promise<RawAnswer>;
  reply(message: object, headers?: Headers, url?: string): Promise<RawAnswer>;
  /** The task as `tasks/get` shows it. */
  look(taskId: string, url?: string): Promise<{ status: { state: string; message?: unknown } }>;
  cancel(taskId: string): Promise<RawAnswer>;
  /** The ids of the first task. */
  task(): { taskId: string; contextId: string };
}

interface Ids {
  readonly taskId: string;
  readonly contextId?: string;
}

/** A decision in the old form. */
export function decision(ids: Ids, data: object) {
  const parts = [
    { kind: "data", data },
    { kind: "text", text: "Decided" },
  ];
  return { kind: "message", messageId: "m-reply", role: "user", ...ids, parts };
}

/** A decision in the form of the extension. */
export function extension(ids: Ids, payload: object) {
  const metadata = { [hitl]: payload };
  const parts = [{ text: "Decided" }];
  return { messageId: "m-reply", role: "ROLE_USER", ...ids, extensions: [hitl], metadata, parts };
}

/** A reply in the form of the dialect: the same verdict for every id that the pause shows, whichever that is. */
export function uniformReply(name: DialectName, paused: RawAnswer, ids: Ids, approved: boolean) {
  if (dialects[name].speaks === "0.3") {
    return decision(ids, { decision_type: approved ? "approve" : "reject", rejection_reason: "no" });
  }
  const approvals = confirmationIds(paused).map((id) =>
    approved ? { id, approved } : { id, approved, rejection_reason: "no" },
  );
  return extension(ids, { type: "tool_approval_response", approvals });
}

/** The ids that a decision of the extension is keyed by. */
function confirmationIds(paused: RawAnswer): string[] {
  const request = requestOf(paused);
  const tools: unknown = request.nested?.tools ?? request.tools;
  return Array.isArray(tools) ? tools.map((tool) => String(Object(tool).id)) : [String(request.id)];
}

function requestOf(paused: RawAnswer) {
  const status = Object(paused.events.at(-1)).result?.statusUpdate?.status;
  return Object(status?.message?.metadata?.[hitl]);
}
