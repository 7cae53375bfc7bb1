import { type ChildProcess, spawn } from "node:child_process";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";

/** The built bot in a process of its own, to be killed. */
export interface Victim {
  /** Resolves when it says that it is ready. */
  readonly ready: Promise<void>;
  readonly isReady: () => boolean;
  /** SIGKILL; resolves when it is dead. */
  kill(): Promise<void>;
  /** SIGTERM; resolves with its exit code. */
  stop(): Promise<number | null>;
}

const MAIN = fileURLToPath(new URL("../dist/src/main.js", import.meta.url));

/** Starts the bot with this environment; `onLine` hears every line that it prints. */
export function startVictim(env: Readonly<Record<string, string>>, onLine: (line: string) => void): Victim {
  const child = spawn(process.execPath, [MAIN, "start"], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let isReady = false;
  const ready = new Promise<void>((resolve) => {
    createInterface(child.stdout).on("line", (line) => {
      onLine(line);
      if (!line.includes('"msg":"ready"')) return;
      isReady = true;
      resolve();
    });
  });
  createInterface(child.stderr).on("line", onLine);
  const ended = endOf(child);
  return {
    ready,
    isReady: () => isReady,
    async kill() {
      child.kill("SIGKILL");
      await ended;
    },
    stop() {
      child.kill("SIGTERM");
      return ended;
    },
  };
}

/** Runs a subcommand of the built bot to its end. */
export async function runSubcommand(
  words: readonly string[],
  env: Readonly<Record<string, string>>,
): Promise<{ readonly code: number | null; readonly text: string }> {
  const child = spawn(process.execPath, [MAIN, ...words], {
    env: { PATH: process.env.PATH ?? "", ...env },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines: string[] = [];
  createInterface(child.stdout).on("line", (line) => lines.push(line));
  createInterface(child.stderr).on("line", (line) => lines.push(line));
  const code = await endOf(child);
  return { code, text: lines.join("\n") };
}

function endOf(child: ChildProcess): Promise<number | null> {
  return new Promise((resolve) => child.once("close", (code) => resolve(code)));
}
