import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { z } from "zod";
import { auditVerify } from "../../src/cli/audit.ts";
import { silentLog } from "../silent-log.ts";
import { paused, scaler, scaling } from "./pausing.ts";
import { type StoryOptions, sqliteStore } from "./story.ts";

const KEY = "the-key-of-this-trail-long-enough-to-be-one";
const Line = z.object({
  event: z.string(),
  actor: z.object({ name: z.string() }).optional(),
  by: z.string().optional(),
  detail: z.string().optional(),
  items: z.array(z.object({ approved: z.boolean().optional(), args: z.string().optional() })).optional(),
});

/** A trail for one story: what to start the bot with, and what was written. */
function trail(more: Record<string, string> = {}) {
  const dir = mkdtempSync(join(tmpdir(), "kagent-discord-audit-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const store = sqliteStore();
  const variables = { AUDIT_DIR: dir, AUDIT_KEY: KEY, STORE_URL: store, ...more };
  const text = () =>
    readdirSync(dir)
      .filter((name) => name.endsWith(".jsonl"))
      .sort()
      .map((name) => readFileSync(join(dir, name), "utf8"))
      .join("");
  const records = () =>
    text()
      .split("\n")
      .filter((line) => line !== "")
      .map((line) => Line.parse(JSON.parse(line)));
  return {
    options: { env: () => variables } satisfies StoryOptions,
    text,
    /** `event who`, in order. */
    told: () =>
      records().map(({ event, actor, by, detail }) =>
        [event, actor?.name ?? by, detail].filter(Boolean).join(" "),
      ),
    records,
    verify: () => auditVerify({ paths: [], json: false }, { variables, readFile: () => "", log: silentLog }),
  };
}

describe("the evidence of an approval", () => {
  it("tells who asked, who was refused, who decided, what left and what came of it, in order", async () => {
    const evidence = trail();
    const { boss, discord, place, control, sees, reads, ops, stopBot } = await paused(evidence.options);
    const eve = discord.createPerson({ name: "eve" });
    await eve.clicks(await control("Approve"), "Approve");
    await reads(eve, "Only members with Manage Server");
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "Decided: scaled to 4.");
    await sees(ops, "✅ done");
    await stopBot();
    expect(evidence.told()).toEqual([
      "opened",
      "asked ana",
      "requested",
      "refused eve not entitled",
      "voted boss",
      "decided boss",
      "sent",
      "outcome ana completed",
    ]);
    expect(
      evidence
        .records()
        .flatMap(({ items }) => items ?? [])
        .map(({ approved }) => approved),
    ).toEqual([undefined, undefined, true, true, true]);
    expect(await evidence.verify()).toMatchObject({ exitCode: 0 });
  });

  it("holds no arguments, words or secrets unless arguments are switched on", async () => {
    const evidence = trail();
    const calls = [{ ...scaling(), args: { password: "hunter2", name: "checkout" } }];
    const story = await paused({ ...evidence.options, agents: [scaler({}, calls)] });
    const { boss, discord, place, control, sees, ops, stopBot } = story;
    const click = await boss.clicks(await control("Reject with reason…"), "Reject with reason…");
    await boss.submits(await click.modal(), { Reason: "not now" });
    await sees(place, "rejected by boss");
    await sees(ops, "✅ done");
    await stopBot();
    const text = evidence.text();
    expect(text).not.toContain("hunter2");
    expect(text).not.toContain("scale checkout");
    expect(text).not.toContain("I would do this");
    expect(text).not.toContain(discord.token);
    expect(text).not.toContain(KEY);
    expect(text).toContain("argsHash");
  });

  it("holds the arguments where they are switched on", async () => {
    const evidence = trail({ AUDIT_ARGUMENTS: "true" });
    const { boss, control, ops, sees, stopBot } = await paused(evidence.options);
    await boss.clicks(await control("Approve"), "Approve");
    await sees(ops, "✅ done");
    await stopBot();
    expect(
      evidence.records().some(({ items }) => items?.some(({ args }) => args?.includes("checkout"))),
    ).toBe(true);
  });

  it("goes on in one chain over a restart, and counts a rejection by a stop", async () => {
    const evidence = trail();
    const { ana, place, sees, ops, stopBot, startBot } = await paused({
      ...evidence.options,
      agents: [scaler({ runtime: "python" })],
    });
    await stopBot();
    await startBot();
    await ana.runs(place, "/stop");
    await sees(place, "**Stopped**");
    await sees(ops, "✅ done");
    await stopBot();
    expect(evidence.told()).toEqual([
      "opened",
      "asked ana",
      "requested",
      "opened",
      "decided ana",
      "sent stop",
      "outcome ana completed",
    ]);
    expect(await evidence.verify()).toMatchObject({ exitCode: 0 });
  });

  it("is needed: a decision does not leave while its record cannot be written", async () => {
    const evidence = trail();
    const story = await paused({ ...evidence.options, expects: /audit|recorded|pause|click/i });
    const { boss, control, sees, place, kagent, discord, errors } = story;
    const card = await control("Approve");
    const dir = evidence.options.env().AUDIT_DIR;
    rmSync(dir, { recursive: true, force: true });
    await boss.clicks(card, "Approve");
    await discord.until(() => errors().length > 0, { what: "a complaint" });
    expect(kagent.decisions).toEqual([]);
    expect(discord.messageText(card)).toContain("[Approve]");
    mkdirSync(dir);
    await boss.clicks(await control("Approve"), "Approve");
    await sees(place, "Decided: scaled to 4.");
    // A vote may be on disk although that could not be confirmed.
    expect([...new Set(evidence.told())].slice(0, 3)).toEqual(["voted boss", "decided boss", "sent"]);
  });
});
