import { execFile } from "node:child_process";
import { expect, it } from "vitest";
import { ROOT, read } from "../pages.ts";
import { program } from "./program.ts";

/** The real process, as it is typed. */
function run(...typed: readonly string[]) {
  return new Promise<{ readonly code: number; readonly out: string; readonly err: string }>((resolve) => {
    const child = execFile(
      process.execPath,
      [...program(), ...typed],
      { cwd: ROOT, env: { PATH: process.env.PATH } },
      (_error, out, err) => resolve({ code: child.exitCode ?? -1, out, err }),
    );
  });
}

/** The subcommands of the first column of the guide. */
function documented(): readonly string[] {
  return [...read("docs/cli.md").matchAll(/^\| `([a-z ]+)` \|/gm)].map(([, name = ""]) => name);
}

it("explains every subcommand of the guide with --help, and has no other", async () => {
  const names = documented();
  expect(names.length).toBeGreaterThan(8);
  const helps = await Promise.all(names.map((name) => run(...name.split(" "), "--help")));
  for (const [index, { code, out }] of helps.entries()) {
    expect(out, names[index]).toMatch(new RegExp(`^Usage: kagent-discord ${names[index]}\\b`));
    expect(code, names[index]).toBe(0);
  }
  const { out } = await run("--help");
  const offered = [...out.matchAll(/^ {2}([a-z]+)(?: \[options\])? {2,}\S/gm)].map(([, name]) => name);
  expect([...new Set(names.map((name) => name.split(" ")[0]))].sort()).toEqual(
    offered.filter((name) => name !== "help").sort(),
  );
});

it("ends with 2 for whatever it does not understand, and starts without a subcommand", async () => {
  const [unknown, option, value, group, alone] = await Promise.all([
    run("dcotor"),
    run("doctor", "--jsn"),
    run("invite", "--application-id", "x"),
    run("config"),
    run(),
  ]);
  expect(unknown).toMatchObject({ code: 2, out: "" });
  expect(unknown.err).toContain("unknown command 'dcotor'");
  expect(option).toMatchObject({ code: 2, err: expect.stringContaining("--json") });
  expect(value.code).toBe(2);
  expect(group.code).toBe(2);
  expect(alone).toMatchObject({
    code: 1,
    err: expect.stringContaining("DISCORD_BOT_TOKEN: This is missing."),
  });
});
