import { describe, expect, it } from "vitest";
import { commandsFor } from "../commands/index.ts";
import { DEFAULT_ROUTES } from "../src/config/default-routes.ts";
import { jsonSchema } from "../src/config/json-schema.ts";
import { VARIABLES } from "../src/config/variables.ts";
import { GUIDES, PAGES, read } from "./pages.ts";

/** Whether the published schema of the configuration file has this path. */
function isKey(path: readonly string[]): boolean {
  const found = path.reduce<unknown>((node, key) => {
    const { properties, items } = Object(node);
    return Object(properties ?? Object(items).properties)[key];
  }, jsonSchema());
  return found !== undefined;
}

describe("the names in the documents", () => {
  it("are keys of the configuration file that exist", () => {
    const sections = Object.keys(Object(jsonSchema()).properties);
    const named = GUIDES.flatMap((page) => [
      ...read(page).matchAll(new RegExp(`\`((?:${sections.join("|")})(?:\\.[a-zA-Z]+)+)\``, "g")),
    ]).map(([, key = ""]) => key);
    expect(named.length).toBeGreaterThan(15);
    expect([...new Set(named)].filter((key) => !isKey(key.split(".")))).toEqual([]);
  });

  it("are npm scripts and subcommands that exist", () => {
    const all = PAGES.map(read).join("\n");
    const scripts = [...all.matchAll(/npm run (?:--\S+ )*([a-z:]+)/g)].map(([, name = ""]) => name);
    expect(scripts.length).toBeGreaterThan(10);
    expect(scripts.filter((name) => !(name in Object(JSON.parse(read("package.json"))).scripts))).toEqual([]);
    const subcommands = [...all.matchAll(/(?:kagent-discord|dist\/src\/main\.js) ([a-z]+)(?: ([a-z]+))?`/g)];
    const known = [...read("src/main.ts").matchAll(/\.command\("([a-z]+)"/g)].map(([, name]) => name);
    expect(subcommands.length).toBeGreaterThan(3);
    expect(
      subcommands.flatMap(([, ...names]) => names).filter((name) => name && !known.includes(name)),
    ).toEqual([]);
  });

  it("are slash commands that there are", () => {
    const commands = commandsFor(DEFAULT_ROUTES, 1).map((command) => `/${command.name}`);
    // The command of an address without a name, a path of kagent, and the paths of our listener.
    const probes = ["/livez", "/startupz", "/readyz", "/metrics"];
    const known = [...commands, "/agent", "/version", ...probes];
    const named = GUIDES.flatMap((page) => [...read(page).matchAll(/`(\/[a-z0-9]+)(?: [^`]*)?`/g)]);
    expect(named.length).toBeGreaterThan(30);
    expect(named.map(([, name = ""]) => name).filter((name) => !known.includes(name))).toEqual([]);
  });

  it("are environment variables that are read", () => {
    const known = VARIABLES.flatMap(({ name }) => [name, `${name}_FILE`]).map(
      (name) => new RegExp(`^${name.replace("<CLUSTER>", "[A-Z_]+")}$`),
    );
    const named = PAGES.flatMap((page) => [
      ...read(page).matchAll(/\b(?:DISCORD|KAGENT|CF_ACCESS|STORE|LOG|ENABLE)_[A-Z_]*[A-Z]\b/g),
    ]);
    const unknown = named.map(([name]) => name).filter((name) => !known.some((one) => one.test(name)));
    expect([...new Set(unknown)]).toEqual([]);
  });
});

describe("README", () => {
  it("has a transcript that asks what the demo asks", () => {
    const [, transcript = ""] =
      /<!-- transcript -->([\s\S]*)<!-- \/transcript -->/.exec(read("README.md")) ?? [];
    const asked = [...transcript.matchAll(/^\w+ (?:types|writes) in #\w+: \S+ (.+)$/gm)].map(
      ([, text = ""]) => text,
    );
    expect(asked.length).toBeGreaterThan(1);
    const played = read("demo/story.ts") + read("demo/pause-story.ts");
    expect(asked.filter((text) => !played.includes(text))).toEqual([]);
  });

  it("has a row for every figure that the benchmark measures", () => {
    const [, table = ""] = /<!-- bench -->([\s\S]*)<!-- \/bench -->/.exec(read("README.md")) ?? [];
    const rows = table.split("\n").filter((line) => line.startsWith("| "));
    const figures = [...read("bench/table.ts").matchAll(/figure: "([^"]+)"/g)];
    expect(figures.length).toBeGreaterThan(8);
    // A heading, and a row for each; every row as wide as the heading.
    expect(rows).toHaveLength(figures.length + 1);
    expect([...new Set(rows.map((row) => row.split("|").length))]).toEqual([12]);
  });
});
