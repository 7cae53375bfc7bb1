import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));

function sources(folder: string): string[] {
  return readdirSync(join(ROOT, folder), { recursive: true, encoding: "utf8" })
    .filter((path) => path.endsWith(".ts"))
    .map((path) => join(folder, path));
}

/** What a file imports: packages by name, files by their path from the root. */
function importsOf(file: string): string[] {
  const text = readFileSync(join(ROOT, file), "utf8");
  const found = [...text.matchAll(/(?:from|import\()\s*"([^"]+)"/g)].map((match) => match[1] ?? "");
  return found.map((name) => (name.startsWith(".") ? normalize(join(dirname(file), name)) : name));
}

const files = [...sources("src"), ...sources("commands")];
const importing = new Map([...files, ...sources("emulator")].map((file) => [file, importsOf(file)]));
const inside = (folder: string) => files.filter((file) => file.startsWith(`${folder}/`));
const isLocal = (name: string) =>
  importing.has(name) || name.startsWith("src/") || name.startsWith("commands/");

/** The imports of `folder` that `allowed` does not cover. */
function strays(folder: string, allowed: readonly string[]): string[] {
  return inside(folder).flatMap((file) =>
    (importing.get(file) ?? [])
      .filter((name) => isLocal(name) && !allowed.some((one) => name === one || name.startsWith(`${one}/`)))
      .map((name) => `${file} imports ${name}`),
  );
}

function importersOf(packageName: string): string[] {
  return files.filter((file) =>
    importing.get(file)?.some((name) => name === packageName || name.startsWith(`${packageName}/`)),
  );
}

describe("the architecture", () => {
  it.each([
    ["src/conversation", ["src/conversation"]],
    ["src/discord", ["src/discord", "src/conversation"]],
    ["src/network", ["src/network"]],
    ["src/a2a", ["src/a2a", "src/conversation", "src/network"]],
    ["src/store", ["src/store", "src/conversation"]],
    ["src/audit", ["src/audit", "src/conversation"]],
    ["src/http", ["src/http", "src/conversation"]],
    ["src/telemetry", ["src/telemetry", "src/conversation"]],
    [
      "src/config",
      [
        "src/config",
        "src/conversation",
        "src/a2a/options.ts",
        "src/audit/options.ts",
        "src/network/proxy.ts",
        "src/store/url.ts",
        "src/telemetry/log.ts",
      ],
    ],
    ["commands", ["commands", "src/discord/command.ts", "src/discord/view", "src/conversation/routing.ts"]],
    ["src/discord/view", ["src/discord/view", "src/conversation", "src/discord/gateway/custom-id.ts"]],
  ])("lets %s import only what belongs to it", (folder, allowed) => {
    expect(strays(folder, allowed)).toEqual([]);
  });

  it("keeps the core free of packages, but for Node's hashes", () => {
    const packages = inside("src/conversation").flatMap(
      (file) => importing.get(file)?.filter((name) => !isLocal(name)) ?? [],
    );
    expect(packages.filter((name) => name !== "node:crypto")).toEqual([]);
  });

  it.each([
    ["discord.js", "src/discord"],
    ["eventsource-parser", "src/a2a"],
    ["pino", "src/telemetry"],
    ["prom-client", "src/telemetry"],
    ["@opentelemetry/api", "src/telemetry"],
    ["@opentelemetry/context-async-hooks", "src/telemetry/otlp.ts"],
    ["@opentelemetry/exporter-trace-otlp-proto", "src/telemetry/otlp.ts"],
    ["@opentelemetry/resources", "src/telemetry/otlp.ts"],
    ["@opentelemetry/sdk-trace-base", "src/telemetry/otlp.ts"],
    ["hono", "src/http"],
    ["@hono/node-server", "src/http"],
    ["keyv", "src/store"],
    ["commander", "src/main.ts"],
  ])("keeps %s in %s", (name, home) => {
    expect(importersOf(name).filter((file) => !file.startsWith(home))).toEqual([]);
  });

  it("loads what exports traces only when it is asked for", () => {
    const statically = files.filter((file) =>
      /^import (?!type)[^;]*"\.[^"]*\/otlp\.ts"/m.test(readFileSync(join(ROOT, file), "utf8")),
    );
    expect(statically).toEqual([]);
  });

  it("keeps the view pure: no discord.js, no network, no file system", () => {
    const packages = inside("src/discord/view").flatMap(
      (file) => importing.get(file)?.filter((name) => !isLocal(name)) ?? [],
    );
    expect([...new Set(packages)].filter((name) => name !== "string-width" && name !== "yaml")).toEqual([]);
  });

  it("lets only the codec reach the wire's versions", () => {
    const reaching = files.filter((file) =>
      importing.get(file)?.some((name) => /src\/a2a\/wire\/v\d/.test(name)),
    );
    expect(reaching.filter((file) => file !== "src/a2a/wire/codec.ts")).toEqual([]);
  });

  it("keeps the emulators independent of the program", () => {
    const strayed = sources("emulator").filter((file) =>
      importing.get(file)?.some((name) => /^(src|commands)\//.test(name)),
    );
    expect(strayed).toEqual([]);
  });

  it("lets only main and the command line read the process", () => {
    const reading = files.filter((file) =>
      /\bprocess\.(env|argv|exit|stdout|stderr|stdin)\b/.test(readFileSync(join(ROOT, file), "utf8")),
    );
    expect(reading.filter((file) => file !== "src/main.ts" && !file.startsWith("src/cli/"))).toEqual([]);
  });

  it("has no import cycles", () => {
    expect(cycles(importing)).toEqual([]);
  });

  it("lists every command file", () => {
    const index = importing.get("commands/index.ts") ?? [];
    const helpers = ["commands/index.ts", "commands/locales.ts", "commands/question.ts", "commands/about.ts"];
    const commands = sources("commands").filter((file) => !helpers.includes(file));
    expect(commands.filter((file) => !index.includes(file))).toEqual([]);
  });

  it("names only paths in ARCHITECTURE.md that exist", () => {
    const text = readFileSync(join(ROOT, "ARCHITECTURE.md"), "utf8");
    const named = [
      ...text.matchAll(/`((?:src|commands|emulator|demo|bench|chaos|test|docs)\/[\w./-]*)`/g),
    ].map((one) => one[1] ?? "");
    expect(named.length).toBeGreaterThan(10);
    expect(named.filter((path) => !existsSync(join(ROOT, path)))).toEqual([]);
  });

  it("keeps every source file under 300 lines", () => {
    const long = [...importing.keys()].filter(
      (file) => readFileSync(join(ROOT, file), "utf8").split("\n").length > 300,
    );
    expect(long).toEqual([]);
  });
});

function cycles(graph: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const visit = (file: string, path: readonly string[]): void => {
    if (path.includes(file)) found.push([...path.slice(path.indexOf(file)), file].join(" → "));
    if (done.has(file) || path.includes(file)) return;
    for (const next of graph.get(file) ?? []) if (graph.has(next)) visit(next, [...path, file]);
    done.add(file);
  };
  for (const file of graph.keys()) visit(file, []);
  return found;
}
