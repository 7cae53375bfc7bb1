import type {
  Agent,
  AgentEvent,
  CancelOutcome,
  Outgoing,
  TaskLook,
  TaskRef,
} from "../../src/conversation/agent.ts";
import type { Decision, InputRequest } from "../../src/conversation/approval.ts";
import { BridgeError } from "../../src/conversation/errors.ts";
import type { Clock } from "../../src/conversation/ports.ts";
import { ref } from "./core.ts";

/** What goes wrong with the next decision that is sent. `slow`: it arrived, and the task shows its pause for a while. */
export type Fault = "refused" | "lost" | "cut" | "slow" | "dies-before" | "dies-after";

/** A decision as it arrived at the agent. */
export interface Arrived {
  readonly pause: InputRequest;
  readonly decision: Decision;
  readonly at: number;
  /** `double`: the pause was decided already; a runtime that guards refuses it, another one runs the tool again. */
  readonly did: "moved" | "double";
}

/** A task that pauses as often as its plan says. */
interface PausingTask {
  readonly taskId: string;
  readonly contextId: string;
  /** Of the prompt. */
  readonly messageId: string;
  readonly pauses: readonly InputRequest[];
  /** How many pauses are over. */
  at: number;
  /** A stop was told that it goes on, so nobody has to see what it asks later. */
  isLeft: boolean;
  /** It works until then, in milliseconds. */
  workingUntil: number;
  /** A decision has arrived, and the task moves then, in milliseconds. */
  movesAt: number | undefined;
}

/** The agent's side, which outlives every process of the bot. */
export interface PausingAgent {
  readonly tasks: readonly PausingTask[];
  readonly arrived: readonly Arrived[];
  away: boolean;
  readonly faults: Fault[];
  /** How tasks end. */
  ending: AgentEvent;
  /** The pause that a task shows now. */
  pauseOf(task: PausingTask): InputRequest | undefined;
  /** Somebody decides in kagent's own interface. */
  decideElsewhere(task: PausingTask): void;
  /** The agent as one process of the bot reaches it; `die` ends that process. */
  connect(clock: Clock, die: () => void): Agent;
}

const WORK_MS = 800;
const POLL_MS = 500;
const SLOW_MS = 20_000;
/** So long a lost stream's task is read before it counts as not moved. */
const DOUBT_MS = 30_000;

/** `plan` makes the pauses of a task from its prompt. */
export function createPausingAgent(
  now: () => number,
  plan: (prompt: string, taskId: string) => readonly InputRequest[],
): PausingAgent {
  const tasks: PausingTask[] = [];
  const arrived: Arrived[] = [];
  const faults: Fault[] = [];
  const world: { away: boolean; ending: AgentEvent } = {
    away: false,
    ending: { kind: "over", outcome: "completed" },
  };

  const find = (taskId: string) => tasks.find((one) => one.taskId === taskId);
  const isWorking = (task: PausingTask) => now() < task.workingUntil;
  const pauseOf = (task: PausingTask) => (isWorking(settled(task)) ? undefined : task.pauses[task.at]);
  const isOver = (task: PausingTask) => !isWorking(settled(task)) && task.at >= task.pauses.length;

  function settled(task: PausingTask): PausingTask {
    if (task.movesAt === undefined || now() < task.movesAt) return task;
    task.workingUntil = task.movesAt + WORK_MS;
    task.movesAt = undefined;
    task.at += 1;
    return task;
  }

  function arrive(
    task: PausingTask,
    { request, decision }: NonNullable<Outgoing["reply"]>,
    ms: number,
  ): void {
    const isIt = sameItems(pauseOf(task), request) && task.movesAt === undefined;
    arrived.push({ pause: request, decision, at: now(), did: isIt ? "moved" : "double" });
    if (isIt) task.movesAt = now() + ms;
  }

  function unreachable(): BridgeError {
    return new BridgeError("agent-unreachable", "The agent cannot be reached.");
  }

  function connect(clock: Clock, die: () => void): Agent {
    async function* follow(task: TaskRef): AsyncIterable<AgentEvent> {
      yield { kind: "task", taskId: task.taskId, contextId: task.contextId };
      const known = find(task.taskId);
      while (known) {
        const request = world.away ? undefined : pauseOf(known);
        if (request) return yield { kind: "waiting", text: "", request };
        if (!world.away && isOver(known)) return yield world.ending;
        await clock.sleep(POLL_MS);
      }
      yield { kind: "over", outcome: "lost" };
    }

    async function* reply(
      message: Outgoing,
      given: NonNullable<Outgoing["reply"]>,
    ): AsyncIterable<AgentEvent> {
      const task = find(message.taskId ?? "");
      const fault = faults.shift();
      if (!task || world.away || fault === "refused") throw unreachable();
      if (fault === "dies-before") die();
      if (fault === "dies-before") await clock.sleep(0);
      if (fault !== "lost") arrive(task, given, fault === "slow" ? SLOW_MS : 0);
      if (fault === "dies-after") die();
      if (fault === "cut" || fault === "lost" || fault === "slow")
        yield { kind: "connection", connected: false };
      const until = now() + DOUBT_MS;
      while (fault && sameItems(pauseOf(task), given.request) && now() < until) await clock.sleep(POLL_MS);
      yield* follow(refOf(message, task.taskId));
    }

    async function* begin(message: Outgoing): AsyncIterable<AgentEvent> {
      if (world.away) throw unreachable();
      const { text, messageId, contextId } = message;
      const taskId = `task-${tasks.length}`;
      const pauses = plan(text, taskId);
      tasks.push({
        taskId,
        messageId,
        contextId,
        pauses,
        at: 0,
        isLeft: false,
        movesAt: undefined,
        workingUntil: now() + WORK_MS,
      });
      yield* follow(refOf(message, taskId));
    }

    async function look({ taskId }: TaskRef): Promise<TaskLook> {
      if (world.away) throw unreachable();
      const task = find(taskId);
      if (!task) return { state: "gone" };
      const request = pauseOf(task);
      if (request) return { state: "waiting", text: "", request };
      return isOver(task) ? { state: "over", outcome: "completed" } : { state: "working" };
    }

    /** What waits for people cannot be cancelled, as on most runtimes. */
    async function cancel({ taskId }: TaskRef): Promise<CancelOutcome> {
      const task = find(taskId);
      if (task && world.away) task.isLeft = true;
      if (world.away || !task) return "unknown";
      if (isOver(task)) return "already-over";
      if (pauseOf(task)) return "unsupported";
      task.at = task.pauses.length;
      return "canceled";
    }

    return {
      ref,
      send: (message) => (message.reply ? reply(message, message.reply) : begin(message)),
      follow,
      cancel,
      look,
      async find(message) {
        const found = tasks.find((one) => one.messageId === message.messageId);
        return found && refOf(message, found.taskId);
      },
    };
  }

  return {
    tasks,
    arrived,
    faults,
    get away() {
      return world.away;
    },
    set away(isAway) {
      world.away = isAway;
    },
    get ending() {
      return world.ending;
    },
    set ending(event) {
      world.ending = event;
    },
    pauseOf,
    decideElsewhere(task) {
      task.movesAt ??= now();
    },
    connect,
  };
}

function refOf(
  { contextId, userId, traceparent }: Pick<TaskRef, "contextId" | "userId" | "traceparent">,
  taskId: string,
): TaskRef {
  return { taskId, contextId, userId, traceparent };
}

function sameItems(one: InputRequest | undefined, other: InputRequest): boolean {
  const ids = (request: InputRequest) => request.items.map((item) => item.id).join();
  return one !== undefined && ids(one) === ids(other);
}
