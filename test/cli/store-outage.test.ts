import { beforeEach, describe, expect, it } from "vitest";
import { scaler, scaling } from "../e2e/pausing.ts";
import { agent, closedGate, heldAt } from "../e2e/story.ts";
import { needsSqlite } from "../needs.ts";
import { live } from "./living.ts";

const REFERENCE = /-# Reference: ([\w-]{12})/;

describe("a store that fails while people use the bot", () => {
  beforeEach(({ skip }) => needsSqlite(skip));
  it.for(["fill", "hide"] as const)(
    "keeps questions from being asked, says so everywhere, and serves again once it is back (%s)",
    async (how, context) => {
      const { ask, sees, store, probes, kagent, logged } = await live(context);
      await store[how]();
      await ask("are you there?");
      const shown = await sees("The store cannot be read or written.");
      const [, reference = "none"] = REFERENCE.exec(shown) ?? [];
      expect(logged(reference)).toHaveLength(1);
      expect(logged(reference)).toMatchObject([
        { level: "warn", reference, err: { code: "store-failed", cause: { name: "Error" } } },
      ]);
      await probes("/readyz", /^503 .*"store":\{"ok":false,"detail":"The store cannot be read or written/);
      await probes("/livez", "200 ");
      await probes("/metrics", /kagent_discord_store_errors_total\{op="insert"\} [1-9]/);
      expect(kagent.runs()).toEqual([]);
      await store.mend();
      await probes("/readyz", "200 ");
      await ask("and now?");
      await sees("heard: and now?");
      expect(kagent.runs().map(({ prompts }) => prompts)).toEqual([["and now?"]]);
    },
  );

  it("lets an answer that has begun come to its end, once, also after a restart", async (context) => {
    const gate = closedGate();
    const { ask, sees, store, kagent, first, start, posted, log, discord } = await live(context, [
      agent("k8s-agent", heldAt(gate)),
    ]);
    await ask("how is it?");
    await sees("Looking.");
    await store.fill();
    gate.open();
    await sees("Looking. All is well.");
    await sees("✅ done");
    await first.writes("a turn could not be deleted");
    const before = posted().map(({ id, content }) => [id, content]);
    await store.mend();
    // What people have seen the end of is cleared away without a restart.
    await discord.until(async () => (await store.rows("turn:")).length === 0, {
      what: "no turns",
      within: 20_000,
    });
    first.send("SIGTERM");
    expect(await first.ended).toEqual({ code: 0, signal: null });
    const second = await start();
    await second.writes("looked for missed messages");
    expect(log().find(({ msg }) => msg === "ready")).toMatchObject({ recovered: 0 });
    expect(posted().map(({ id, content }) => [id, content])).toEqual(before);
    expect(kagent.runs()).toHaveLength(1);
  });

  it("lets a process that ends meanwhile leave an answer to the next one, in the same messages", async (context) => {
    const gate = closedGate();
    const { ask, sees, store, kagent, first, start, posted } = await live(context, [
      agent("k8s-agent", heldAt(gate)),
    ]);
    await ask("how is it?");
    await sees("Looking.");
    await store.hide();
    gate.open();
    await sees("✅ done");
    const before = posted().map(({ id }) => id);
    first.send("SIGTERM");
    expect(await first.ended).toEqual({ code: 0, signal: null });
    await store.mend();
    const second = await start();
    await second.writes('"msg":"turn over"');
    await sees("Looking. All is well.");
    expect(posted().map(({ id }) => id)).toEqual(before);
    expect(kagent.runs()).toHaveLength(1);
  });

  it("keeps a decision from being taken, and takes it once when it is back", async (context) => {
    const { ask, sees, control, store, boss, kagent, logged } = await live(context, [scaler()]);
    await ask("scale it");
    const card = await control("Approve");
    await store.fill();
    await boss.clicks(card, "Approve");
    const shown = await sees("The store cannot be read or written.", boss);
    const [, reference = "none"] = REFERENCE.exec(shown) ?? [];
    expect(logged(reference)).toMatchObject([{ reference, err: { code: "store-failed" } }]);
    expect(kagent.toolRuns).toEqual([]);
    await store.mend();
    await boss.clicks(await control("Approve"), "Approve");
    await sees("Decided: scaled to 4.");
    await sees("**Approved**");
    expect(kagent.toolRuns).toHaveLength(1);
  });

  it("loses no decision that is on its way, and sends none twice", async (context) => {
    const { ask, sees, control, store, boss, kagent, discord } = await live(context, [
      scaler({}, [scaling(4, 1_500)]),
    ]);
    await ask("scale it");
    await boss.clicks(await control("Approve"), "Approve");
    await kagent.until(() => kagent.decisions.length === 1);
    await store.fill();
    await kagent.until(() => kagent.toolRuns.length === 1);
    await store.mend();
    await sees("Decided: scaled to 4.");
    await sees("**Approved**");
    await sees("✅ done");
    await discord.until(async () => (await store.rows("turn:")).length === 0, { what: "no turns" });
    const [decision] = await store.rows("decision:");
    expect(decision?.value).toContain('"state":"delivered"');
    expect(kagent.decisions).toHaveLength(1);
    expect(kagent.toolRuns).toHaveLength(1);
  });

  it("asks a question that waited, or says that it could not, and never both", async (context) => {
    const gate = closedGate();
    let asked = 0;
    const answer = () => {
      asked += 1;
      return asked === 1 ? heldAt(gate) : heldAt({ opened: Promise.resolve(), open() {} }, "Second.");
    };
    const story = await live(context, [agent("k8s-agent", undefined, { answer })]);
    const { ask, sees, store, kagent, first, start, ana, discord, ops } = story;
    await ask("first?");
    await sees("Looking.");
    const [thread] = discord.threads(ops);
    await ana.says(thread ?? ops, "second?");
    await sees("queued");
    await store.fill();
    gate.open();
    await sees("The store cannot be read or written.");
    await first.writes("a prompt could not be taken");
    await store.mend();
    await discord.until(async () => (await store.rows("queue:")).length === 0, {
      what: "an empty queue",
      within: 20_000,
    });
    first.send("SIGTERM");
    await first.ended;
    const second = await start();
    await second.writes("looked for missed messages");
    expect(kagent.runs().map(({ prompts }) => prompts)).toEqual([["first?"]]);
  });
});
