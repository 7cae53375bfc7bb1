import { existsSync } from "node:fs";
import { dirname, join, relative, resolve } from "node:path";
import { PermissionFlagsBits } from "discord.js";
import { describe, expect, it } from "vitest";
import about from "../commands/about.ts";
import { commandsFor } from "../commands/index.ts";
import { DEFAULT_ROUTES } from "../src/config/default-routes.ts";
import { readConfig } from "../src/config/read.ts";
import { chooseAgent } from "../src/conversation/routing.ts";
import { filesBelow, GUIDES, PAGES, ROOT, read } from "./pages.ts";

/** Text of a page without its code, where brackets and hashes mean other things. */
function proseOf(page: string): string {
  return read(page)
    .replaceAll(/^ *```[\s\S]*?^ *```/gm, "")
    .replaceAll(/`[^`\n]*`/g, (code) => code.replaceAll(/[[\]#]/g, ""));
}

/** The blocks of code of one language. */
function blocksOf(page: string, language: string): readonly string[] {
  return [...read(page).matchAll(/^( *)```(\w*)\n([\s\S]*?)^ *```/gm)].flatMap(
    ([, indent = "", found, code = ""]) =>
      found === language ? [code.replaceAll(new RegExp(`^${indent}`, "gm"), "")] : [],
  );
}

/** What GitHub makes of a heading for links into the page. */
function anchorOf(heading: string): string {
  return heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
}

function anchorsOf(page: string): readonly string[] {
  return [...proseOf(page).matchAll(/^#+ +(.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));
}

/** The first cells of a table's rows that are code, below a heading. */
function firstCells(page: string, heading: string): readonly string[] {
  const [, below = ""] = read(page).split(`\n${heading}\n`);
  const section = below.split(/^#+ /m)[0] ?? "";
  return [...section.matchAll(/^\| (?:`([^`]+)`|\*\*([^*]+)\*\*) \|/gm)].map(
    ([, code, bold]) => code ?? bold ?? "",
  );
}

/** Text without the markup and the line breaks that documents and sources put into sentences. */
function plain(text: string): string {
  return text.replaceAll(/\\?`|\*\*/g, "").replaceAll(/\s+/g, " ");
}

const NEEDED: readonly (readonly [string, bigint])[] = [
  ["View Channels", PermissionFlagsBits.ViewChannel],
  ["Send Messages", PermissionFlagsBits.SendMessages],
  ["Attach Files", PermissionFlagsBits.AttachFiles],
  ["Read Message History", PermissionFlagsBits.ReadMessageHistory],
  ["Create Public Threads", PermissionFlagsBits.CreatePublicThreads],
  ["Send Messages in Threads", PermissionFlagsBits.SendMessagesInThreads],
];

interface Routed {
  readonly text: string;
  readonly agent: string;
  readonly channel?: string;
  /** Named by a command. */
  readonly named?: string;
  /** In a thread that talks to k8s-agent. */
  readonly going?: true;
}

/** The rows of the table in docs/routing.md, in their order. */
const ROUTED: readonly Routed[] = [
  { text: "is envoy healthy?", named: "k8s-agent", agent: "k8s-agent" },
  { text: "why 503?", channel: "112233445566778899", agent: "istio-agent" },
  { text: "does CVE-2026-1234 touch us?", channel: "112233445566778899", agent: "security-agent" },
  { text: "is envoy healthy?", agent: "istio-agent" },
  { text: "why 503?", agent: "k8s-agent" },
  { text: "and envoy?", going: true, agent: "k8s-agent" },
];

describe("the documents", () => {
  it.each(PAGES)("%s links only to files and headings that exist", (page) => {
    const broken = [...proseOf(page).matchAll(/\]\(([^()\s]+)\)/g)].flatMap(([, target = ""]) => {
      if (/^[a-z]+:/.test(target)) return [];
      const [path = "", anchor] = target.split("#");
      const file = path === "" ? page : relative(ROOT, resolve(ROOT, dirname(page), path));
      if (!existsSync(join(ROOT, file))) return [target];
      return anchor === undefined || anchorsOf(file).includes(anchor) ? [] : [target];
    });
    expect(broken).toEqual([]);
  });

  it("README lists every command, in the order in which Discord shows them", () => {
    const commands = commandsFor(DEFAULT_ROUTES, 1).map((command) => `/${command.name}`);
    expect(firstCells("README.md", "## Commands")).toEqual([...commands, about.name]);
  });

  it("troubleshooting lists every error code, in the order of their definition", () => {
    const [, union = ""] = /export type ErrorCode =([^;]+);/.exec(read("src/conversation/errors.ts")) ?? [];
    const codes = [...union.matchAll(/"([a-z-]+)"/g)].map(([, code]) => code);
    expect(codes.length).toBeGreaterThan(10);
    expect(firstCells("docs/troubleshooting.md", "## Error codes")).toEqual(codes);
  });

  it("quote only sentences that the program says", () => {
    const sources = ["src", "commands"].flatMap((folder) => filesBelow(folder, ".ts")).map(read);
    // `${name}` is where the documents write “…”; `**` and backticks are markup on both sides.
    const said = plain(sources.join("\n").replaceAll(/\$\{[^{}]*\}/g, "…"));
    const quotes = GUIDES.flatMap((page) => [
      // What a transcript shows are people's and agents' words.
      ...read(page)
        .replaceAll(/^```text[\s\S]*?^```/gm, "")
        .matchAll(/“([^”]+)”/g),
    ]);
    const pieces = quotes.flatMap(([, quote = ""]) => plain(quote).split("…"));
    expect(pieces.length).toBeGreaterThan(30);
    expect(pieces.filter((piece) => !said.includes(piece.trim()))).toEqual([]);
  });

  it("the examples of routing are accepted by the reader of the configuration", () => {
    const examples = blocksOf("docs/routing.md", "yaml");
    expect(examples.length).toBeGreaterThan(5);
    for (const yaml of examples) {
      const secrets = [...yaml.matchAll(/\$\{(\w+)\}/g)].map(([, name = ""]) => [name, "secret"]);
      const env = {
        DISCORD_BOT_TOKEN: "token",
        KAGENT_BASE_URL: "http://127.0.0.1:8083",
        CONFIG_FILE: "config.yaml",
      };
      expect(() => readConfig({ ...env, ...Object.fromEntries(secrets) }, () => yaml), yaml).not.toThrow();
    }
  });

  it("the examples of routing choose the agents that its table says", () => {
    const [, table = ""] = /\| where and what \|.*\n.*\n([\s\S]*?)\n\n/.exec(read("docs/routing.md")) ?? [];
    const rows = table.split("\n").map((row) => [/`([^`]+)`/.exec(row)?.[1], row.split("|")[2]?.trim()]);
    expect(rows.map(([text, agent]) => `${text?.replace("/k8s ", "")} → ${agent}`)).toEqual(
      ROUTED.map(({ text, agent }) => `${text} → ${agent}`),
    );
    const config = readConfig(
      {
        DISCORD_BOT_TOKEN: "token",
        KAGENT_BASE_URL: "http://127.0.0.1:8083",
        CONFIG_FILE: "config.yaml",
      },
      () => blocksOf("docs/routing.md", "yaml").find((yaml) => yaml.includes("mtls")) ?? "",
    ).routing;
    const current = { cluster: config.defaultCluster, namespace: "kagent", name: "k8s-agent" };
    for (const { agent, text, channel = "1", named, going } of ROUTED) {
      const choice = chooseAgent(config, {
        text,
        channelIds: [channel],
        ...(named === undefined ? {} : { agent: named }),
        ...(going ? { current } : {}),
      });
      expect(choice.agent.name, text).toBe(agent);
    }
  });

  it.each(["README.md", "docs/discord-setup.md"])(
    "%s invites with the sum of exactly the permissions that it explains",
    (page) => {
      const invited = [...read(page).matchAll(/permissions=(\d+)/g)].map(([, sum]) => sum);
      expect(invited).toEqual([String(NEEDED.reduce((sum, [, bit]) => sum | bit, 0n))]);
      for (const [name, bit] of NEEDED) {
        expect(read(page)).toMatch(new RegExp(`${name} (?:\\|[^|\\n]*\\| )?${bit}\\b`));
      }
    },
  );
});
