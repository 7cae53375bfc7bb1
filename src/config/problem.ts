import { BridgeError } from "../conversation/errors.ts";

/** One mistake in the configuration; `path` is the variable's name, or the place in the file such as `routes[0].agent`. */
export interface ConfigProblem {
  readonly source: "env" | "file";
  readonly path: string;
  /** 1-based, in the file. */
  readonly line?: number;
  readonly column?: number;
  /** What is wrong and what to write instead; never a secret's value. */
  readonly sentence: string;
}

/** Every mistake of a configuration at once; `message` lists them, one a line. */
export class ConfigError extends BridgeError {
  readonly problems: readonly ConfigProblem[];

  constructor(problems: readonly ConfigProblem[], fileName?: string) {
    const lines = problems.map((problem) => `  ${renderProblem(problem, fileName)}`);
    super("config-invalid", [`The configuration has ${count(problems.length)}:`, ...lines].join("\n"));
    this.name = "ConfigError";
    this.problems = problems;
  }
}

/** `config.yaml:7:16 routes[0].agent: sentence`, or `VARIABLE: sentence`. */
function renderProblem(problem: ConfigProblem, fileName = "CONFIG_FILE"): string {
  const at = problem.line === undefined ? "" : `:${problem.line}:${problem.column}`;
  const where = problem.source === "env" ? problem.path : `${fileName}${at} ${problem.path}`.trimEnd();
  return `${where}: ${problem.sentence}`;
}

function count(problems: number): string {
  return problems === 1 ? "a mistake" : `${problems} mistakes`;
}
