import { type ChildProcess, fork } from "node:child_process";
import type { AgentsReport, Given } from "./agents.ts";

/** The agents of a benchmark, from outside. Times are milliseconds since the epoch. */
export interface AgentsProcess {
  readonly url: string;
  onGiven(listener: (conversation: number, given: readonly Given[]) => void): void;
  /** A run pauses for people. */
  onPause(listener: (conversation: number, at: number) => void): void;
  /** What was held goes on. */
  release(): void;
  stop(): void;
}

/** The agents run apart from Discord, so that neither delays the other. */
export function startAgentsProcess(): Promise<AgentsProcess> {
  const child: ChildProcess = fork(new URL("./agents.ts", import.meta.url), {
    execArgv: ["--import", "tsx"],
  });
  return new Promise((resolve, reject) => {
    child.once("error", reject);
    child.once("message", (message: AgentsReport) => {
      if (message.kind !== "ready") return;
      resolve({
        url: message.url,
        onGiven: (listener) =>
          child.on("message", (report: AgentsReport) => {
            if (report.kind === "given") listener(report.conversation, report.given);
          }),
        onPause: (listener) =>
          child.on("message", (report: AgentsReport) => {
            if (report.kind === "paused") listener(report.conversation, report.at);
          }),
        release: () => child.send("release"),
        stop: () => child.disconnect(),
      });
    });
  });
}
