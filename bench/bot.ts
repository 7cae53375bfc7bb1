import { type ChildProcess, fork } from "node:child_process";
import { readFileSync } from "node:fs";
import { createInterface } from "node:readline";

/** The real bot in a process of its own, watched from outside. */
export interface Bot {
  /** From the start of the process to "ready", in milliseconds. */
  readonly readyMs: number;
  /** Processor time so far, in seconds. */
  cpuSeconds(): number;
  /** Resident memory now, in MiB. */
  memoryMib(): number;
  /** Starts measuring the event loop's delay anew. */
  resetDelay(): void;
  /** 99th percentile of the event loop's delay, in milliseconds. */
  delayP99Ms(): Promise<number>;
  /** Lines of level warn and error. */
  readonly complaints: readonly string[];
  stop(): Promise<void>;
  /** SIGKILL. */
  kill(): Promise<void>;
}

const MAIN = new URL("../dist/src/main.js", import.meta.url);
const PROBE = new URL("./probe.mjs", import.meta.url);
/** Of `/proc/<pid>/stat`; the same on every Linux that Node runs on. */
const TICKS_A_SECOND = 100;
const READY_LIMIT_MS = 20_000;

/** Starts the built bot with this environment; rejects with its last words when it does not get ready. */
export async function startBot(env: Readonly<Record<string, string>>): Promise<Bot> {
  const started = performance.now();
  const child = fork(MAIN, ["start"], {
    env: { PATH: process.env.PATH ?? "", ...env },
    // As `npm start` runs it.
    execArgv: ["--max-semi-space-size=4", "--import", PROBE.href],
    stdio: ["ignore", "pipe", "pipe", "ipc"],
  });
  const complaints: string[] = [];
  await ready(child, complaints);
  return {
    readyMs: performance.now() - started,
    complaints,
    cpuSeconds: () => cpuOf(child.pid),
    memoryMib: () => memoryOf(child.pid),
    resetDelay: () => child.send("reset"),
    delayP99Ms: () => ask(child),
    stop: () => end(child, "SIGTERM"),
    kill: () => end(child, "SIGKILL"),
  };
}

function ready(child: ChildProcess, complaints: string[]): Promise<void> {
  return new Promise((resolve, reject) => {
    const { stdout, stderr } = child;
    if (!stdout || !stderr) throw new Error("a bot without output");
    const fail = () => reject(new Error(`the bot did not get ready: ${complaints.join("\n")}`));
    const timer = setTimeout(fail, READY_LIMIT_MS);
    child.once("exit", fail);
    createInterface(stderr).on("line", (line) => complaints.push(line));
    createInterface(stdout).on("line", (line) => {
      if (/"level":"(warn|error|fatal)"/.test(line)) complaints.push(line);
      if (!line.includes('"msg":"ready"')) return;
      clearTimeout(timer);
      resolve();
    });
  });
}

function ask(child: ChildProcess): Promise<number> {
  return new Promise((resolve) => {
    child.once("message", (answer) => resolve(Number(Object(answer).p99Ms)));
    child.send("report");
  });
}

function end(child: ChildProcess, signal: "SIGTERM" | "SIGKILL"): Promise<void> {
  return new Promise((resolve) => {
    if (child.exitCode !== null || child.signalCode !== null) return resolve();
    child.once("exit", () => resolve());
    child.kill(signal);
  });
}

/** Linux only, like the figures that it is compared with. */
function cpuOf(pid: number | undefined): number {
  const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
}

function memoryOf(pid: number | undefined): number {
  const [, kib = "0"] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
  return Number(kib) / 1024;
}
