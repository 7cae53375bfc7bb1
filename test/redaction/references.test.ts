import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, it, onTestFinished } from "vitest";
import { fail, script } from "../../emulator/agent/script.ts";
import type { Person } from "../../emulator/discord/people/person.ts";
import type { Channel, Message } from "../../emulator/discord/world/model.ts";
import { openBeside } from "../cli/broken-store.ts";
import { scaler } from "../e2e/pausing.ts";
import { agent, closedGate, heldAt, roomy, type Story, type StoryOptions, tell } from "../e2e/story.ts";
import { ROOT } from "../pages.ts";
import { createSkippingClock } from "../skipping-clock.ts";

/** What every story here has at hand. */
interface Scene extends Story {
  readonly boss: Person;
  readonly storePath: string;
  readonly auditDir: string;
  readonly skip: (ms: number) => void;
}

/** An error that people see with a reference; it resolves with where, and who sees it. */
interface Row {
  readonly what: string;
  readonly options?: StoryOptions;
  /** What the line of the log says. */
  readonly line: Readonly<Record<string, unknown>>;
  show(scene: Scene): Promise<{ readonly where: Channel; readonly as?: Person }>;
}

const failing = agent("k8s-agent", script(fail("the model is away")));
const TRACE_ID = expect.stringMatching(/^[0-9a-f]{32}$/);
const callback = /\/interactions\/\d+\/[^/]+\/callback/;

async function asked(
  { ana, ops, thread }: Scene,
  file?: { readonly name: string; readonly content: string },
) {
  await ana.runs(ops, "/k8s", { prompt: "why?", ...(file ? { file } : {}) });
  return { where: await thread() };
}

const rows: readonly Row[] = [
  {
    what: "a run that failed",
    options: { agents: [failing] },
    line: { msg: "turn over", outcome: "failed", code: "agent-failed", detail: "the model is away" },
    show: asked,
  },
  {
    what: "a call that was refused",
    line: { msg: "turn over", outcome: "failed", code: "kagent-unauthorized" },
    show(scene) {
      scene.kagent.agent("k8s-agent").fault({ fault: "status", status: 401, text: "who are you?" });
      return asked(scene);
    },
  },
  {
    what: "a run that gave no sign of life",
    options: { agents: [agent("k8s-agent", heldAt(closedGate()))] },
    line: { msg: "turn over", outcome: "lost", code: "agent-lost" },
    async show(scene) {
      const at = await asked(scene);
      await scene.sees(at.where, "Looking.");
      scene.kagent.agent("k8s-agent").kill();
      const { discord } = scene;
      const isOver = () => {
        scene.skip(60_000);
        return discord.transcript(at.where).includes("Reference");
      };
      await discord.until(isOver, { what: "the end of a lost run", within: 30_000 });
      return at;
    },
  },
  {
    what: "a file that is refused",
    line: { msg: "turn over", outcome: "failed", code: "file-refused" },
    show: (scene) => asked(scene, { name: "big.log", content: "x".repeat(100_001) }),
  },
  {
    what: "a question that could not be started",
    line: { msg: "a prompt could not be started", level: "error", err: { code: "store-failed" } },
    async show(scene) {
      rmSync(scene.auditDir, { recursive: true });
      writeFileSync(scene.auditDir, "no directory");
      return asked(scene);
    },
  },
  {
    what: "a question that the store did not take",
    line: { msg: "an event could not be handled", level: "warn", err: { code: "store-failed" } },
    async show({ ana, ops, storePath }) {
      await brokenFor(storePath);
      await ana.runs(ops, "/k8s", { prompt: "why?" });
      return { where: ops, as: ana };
    },
  },
  {
    what: "a decision that the store did not take",
    options: { agents: [scaler()] },
    line: { msg: "an event could not be handled", level: "warn", err: { code: "store-failed" } },
    async show(scene) {
      const { where } = await asked(scene);
      const isCard = (one: Message) => scene.discord.messageText(one).includes("[Approve]");
      const card = await scene.discord.until(() => scene.discord.messages(where).find(isCard));
      await brokenFor(scene.storePath);
      await scene.boss.clicks(card, "Approve");
      return { where, as: scene.boss };
    },
  },
  {
    what: "a list of agents that cannot be read",
    line: { msg: "an event could not be handled", level: "warn", err: { code: "kagent-unreachable" } },
    async show({ ana, ops, kagent, skip, discord, logLines }) {
      await discord.until(() => logLines.some((line) => line.includes('"msg":"ready"')));
      kagent.fault({ fault: "status", status: 500, text: "broken" }, 9);
      skip(120_000);
      await ana.runs(ops, "/agents");
      return { where: ops, as: ana };
    },
  },
  {
    what: "a mistake of ours",
    line: { msg: "an event could not be handled", level: "error", err: { name: "DiscordAPIError[50035]" } },
    async show({ ana, ops, discord }) {
      const alert = await ana.says(ops, "HighErrorRate");
      const bad = { kind: "status", status: 400, code: 50035, message: "Invalid Form Body" } as const;
      discord.faults.add({ method: "POST", route: callback }, bad);
      await ana.uses(alert, "Ask an agent about this");
      return { where: ops, as: ana };
    },
  },
];

/** The store fails until the test is over. */
async function brokenFor(path: string): Promise<void> {
  const store = await openBeside(path);
  await store.fill();
  onTestFinished(async () => {
    await store.mend().catch(() => {});
    await store.close();
  });
}

async function sceneFor(options: StoryOptions = {}): Promise<Scene> {
  const dir = mkdtempSync(join(tmpdir(), "references-"));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const [storePath, auditDir] = [join(dir, "store.sqlite"), join(dir, "audit")];
  mkdirSync(auditDir);
  const clock = createSkippingClock();
  const story = await tell({
    discord: roomy,
    clock,
    expects: /./,
    env: () => ({ STORE_URL: `sqlite://${storePath}`, AUDIT_DIR: auditDir }),
    ...options,
  });
  const boss = story.discord.createPerson({ name: "boss", manager: true });
  return { ...story, boss, storePath, auditDir, skip: clock.skip };
}

describe("a reference that people read", () => {
  it.each(rows.map((row) => [row.what, row] as const))(
    "finds one line of the log: %s",
    async (_what, row) => {
      const scene = await sceneFor(row.options);
      const { where, as } = await row.show(scene);
      const shown = await scene.sees(where, /Reference: [\w-]{12}/, as);
      const [, reference = "none"] = /Reference: ([\w-]{12})/.exec(shown) ?? [];
      const found = () => scene.logLines.filter((line) => line.includes(`"reference":"${reference}"`));
      await scene.discord.until(() => found().some((line) => line.includes(`"msg":"${row.line.msg}"`)), {
        what: `the line of ${reference}`,
      });
      const lines = found().map((line) => JSON.parse(line));
      // What failed on the way to an agent has the cause in a line of its own.
      const main = lines.filter(({ msg }) => msg !== "a turn failed");
      expect(main).toHaveLength(1);
      expect(main[0]).toMatchObject({ ...row.line, reference });
      if ("turnId" in main[0]) expect(main[0]).toMatchObject({ turnId: reference, trace_id: TRACE_ID });
      const causes = lines.filter(({ msg }) => msg === "a turn failed");
      for (const { err, turnId } of causes) expect([typeof err, turnId]).toEqual(["object", reference]);
    },
  );

  it("is written in two places, which are all covered here", () => {
    const writing = readdirSync(join(ROOT, "src"), { recursive: true, encoding: "utf8" })
      .filter((path) => path.endsWith(".ts"))
      .filter((path) => readFileSync(join(ROOT, "src", path), "utf8").includes("-# Reference:"));
    expect(writing.map((path) => path.replaceAll("\\", "/")).sort()).toEqual([
      "discord/gateway/refusal.ts",
      "discord/view/outcome.ts",
    ]);
  });
});
