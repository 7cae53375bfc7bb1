import { spawn } from "node:child_process";
import { ROOT } from "../pages.ts";
import { program } from "./program.ts";

/** How a process ended: its exit code, or the signal that killed it. */
interface End {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

/** The real bot in a process of its own. */
export interface BotProcess {
  /** Everything that it wrote so far, to standard output and to standard error. */
  output(): string;
  /** Waits until it wrote this, after the first `from` characters. Rejects with its output when it ends before. */
  writes(what: string | RegExp, from?: number): Promise<void>;
  send(signal: NodeJS.Signals): void;
  readonly ended: Promise<End>;
}

/** The lines of a log that are JSON. */
export function records(output: string): readonly Record<string, unknown>[] {
  return output.split("\n").flatMap((line) => (line.startsWith("{") ? [JSON.parse(line)] : []));
}

const PATIENCE_MS = 30_000;
const LOOK_EVERY_MS = 15;

/** What a process is started with, beside its environment. */
interface ProcessOptions {
  /** Modules that it loads first. */
  readonly imports?: readonly string[];
  /** It can write nothing to a file, as on a full disk. */
  readonly diskIsFull?: boolean;
}

/** Starts a subcommand with this environment and no other. */
export function startProcess(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  { imports = [], diskIsFull = false }: ProcessOptions = {},
): BotProcess {
  const node = [process.execPath, ...program(imports), ...words];
  const [command = "", ...rest] = diskIsFull ? ["sh", "-c", 'ulimit -f 0; exec "$@"', "sh", ...node] : node;
  const child = spawn(command, rest, {
    cwd: ROOT,
    env: { PATH: process.env.PATH, ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8");
    stream.on("data", (text: string) => {
      output += text;
    });
  }
  let end: End | undefined;
  const ended = new Promise<End>((resolve) => {
    child.once("close", (code, signal) => {
      end = { code, signal };
      resolve(end);
    });
  });
  const has = (what: string | RegExp, from: number) =>
    typeof what === "string" ? output.includes(what, from) : what.test(output.slice(from));
  return {
    output: () => output,
    async writes(what, from = 0) {
      for (const until = Date.now() + PATIENCE_MS; !has(what, from); ) {
        if (end || Date.now() > until) throw new Error(`it did not write ${what}:\n${output.slice(from)}`);
        await new Promise((resolve) => setTimeout(resolve, LOOK_EVERY_MS));
      }
    },
    send: (signal) => void child.kill(signal),
    ended,
  };
}

/** Runs a subcommand to its end. */
export async function runProcess(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
  options: ProcessOptions = {},
): Promise<{ readonly code: number | null; readonly output: string }> {
  const running = startProcess(words, env, options);
  const { code } = await running.ended;
  return { code, output: running.output() };
}
