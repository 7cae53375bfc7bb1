import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { pause, say } from "../../emulator/agent/script.ts";
import { operation } from "../../emulator/agent/tool-call.ts";
import { type BrokenStore, openBeside } from "../cli/broken-store.ts";
import { secrets, texts } from "./markers.ts";
import type { Path } from "./path.ts";
import { configFile, type Stage } from "./stage.ts";

/** The store fails while `work` goes on. */
async function whileBroken(
  { storePath }: Stage,
  how: "fill" | "hide",
  work: (store: BrokenStore) => Promise<unknown>,
): Promise<void> {
  const store = await openBeside(storePath);
  await store[how]();
  try {
    await work(store);
  } finally {
    await store.mend();
    await store.close();
  }
}

export const processPaths: readonly Path[] = [
  ...(["fill", "hide"] as const).map(
    (how): Path => ({
      path: `the store: a question while it fails (${how})`,
      logs: '"code":"store-failed"',
      provoke: (stage) =>
        whileBroken(stage, how, async () => {
          await stage.shows(await stage.ask(), "The store cannot be read or written.");
        }),
    }),
  ),
  {
    path: "the store: a decision while it fails",
    logs: '"code":"store-failed"',
    async provoke(stage) {
      stage.plays(function* () {
        yield pause("", operation("k8s_scale", { name: texts.args.value }));
        yield say(texts.answer.value);
      });
      const room = await stage.ask();
      const card = await stage.control(room, "Approve");
      await whileBroken(stage, "fill", async () => {
        await stage.boss.clicks(card, "Approve");
        await stage.shows(room, "The store cannot be read or written.", stage.boss);
      });
      await stage.boss.clicks(card, "Approve");
      await stage.shows(room, texts.answer.value);
    },
  },
  {
    path: "the store: a row that cannot be read",
    logs: "the row is not JSON",
    async provoke(stage) {
      const room = await stage.ask();
      const place = await stage.shows(room, texts.answer.value);
      const store = await openBeside(stage.storePath);
      const rows = await store.rows("conversation:");
      const row = rows.find(({ key }) => key.includes(place.id));
      await store.put(row?.key ?? "", `{"value":"${texts.prompt.value}`);
      await stage.ana.says(place, texts.prompt.value);
      await stage.shows(room, "A stored row of");
      await store.put(row?.key ?? "", row?.value ?? "");
      await store.close();
    },
  },
  {
    path: "the audit trail: a question while it cannot be written",
    logs: "The audit trail in",
    async provoke(stage) {
      const kept = stage.audit();
      rmSync(stage.auditDir, { recursive: true });
      writeFileSync(stage.auditDir, "no directory");
      await stage.shows(await stage.ask(), "The audit trail in");
      rmSync(stage.auditDir);
      mkdirSync(stage.auditDir);
      writeFileSync(`${stage.auditDir}/kept.txt`, kept);
    },
  },
  {
    path: "the configuration: mistakes in a changed file, with secrets in it",
    logs: "the changed configuration is refused",
    async provoke({ bot, kagent, configPath }) {
      const from = bot.output().length;
      const broken = [
        `kagent: { headers: { X-Key: "${secrets.literalHeader.value}\\n", X-Api-Key: [${secrets.header.value}] } }`,
        `tokn: ${secrets.agentToken.value}`,
      ];
      for (const text of [broken.join("\n"), `kagent: {headers: {X-Key: ${secrets.header.value}`]) {
        writeFileSync(configPath, text);
        bot.send("SIGHUP");
        await bot.writes("the changed configuration is refused", from);
      }
      writeFileSync(configPath, configFile(kagent.url));
      bot.send("SIGHUP");
      await bot.writes("the configuration was read again", from);
    },
  },
];
