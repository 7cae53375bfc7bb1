import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TestContext } from "vitest";
import { type KagentOptions, startKagent } from "../../emulator/agent/kagent.ts";
import { startDiscord } from "../../emulator/discord/discord.ts";
import type { Channel, Message } from "../../emulator/discord/world/model.ts";
import { agent, roomy } from "../e2e/story.ts";
import { type BotProcess, records, startProcess } from "./bot-process.ts";
import { openBeside } from "./broken-store.ts";

/** The real process between the emulators, with a store on disk that outlives it, until the test is over. */
export async function live(
  { onTestFinished }: TestContext,
  agents: KagentOptions["agents"] = [agent("k8s-agent")],
) {
  const discord = await startDiscord({ ...roomy, heartbeatMs: 1_000 });
  const kagent = await startKagent({ agents });
  const guild = discord.createGuild({ name: "acme" });
  const ops = guild.createChannel({ name: "ops" });
  const ana = discord.createPerson({ name: "ana" });
  const boss = discord.createPerson({ name: "boss", manager: true });
  const dir = mkdtempSync(join(tmpdir(), "living-"));
  const storePath = join(dir, "store.sqlite");
  const bots: BotProcess[] = [];

  async function start(): Promise<BotProcess> {
    const bot = startProcess(["start"], {
      DISCORD_BOT_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      KAGENT_BASE_URL: kagent.url,
      STORE_URL: `sqlite://${storePath}`,
      AUDIT_DIR: "off",
      HTTP_PORT: "0",
      HTTP_HOST: "127.0.0.1",
    });
    bots.push(bot);
    await bot.writes('"msg":"ready"');
    return bot;
  }
  const first = await start();
  const store = await openBeside(storePath);
  onTestFinished(async () => {
    for (const bot of bots) bot.send("SIGKILL");
    await Promise.all(bots.map((bot) => bot.ended));
    await store.close();
    await kagent.stop();
    await discord.stop();
    rmSync(dir, { recursive: true, force: true });
  });

  const newest = () => bots.at(-1) ?? first;
  const places = () => [ops, ...discord.threads(ops)];
  async function probe(path: string): Promise<string> {
    const { port } = records(newest().output()).find((one) => "port" in one) ?? {};
    const answer = await fetch(`http://127.0.0.1:${Number(port)}${path}`).catch(() => undefined);
    return `${answer?.status ?? 0} ${(await answer?.text()) ?? ""}`;
  }
  return {
    ...{ discord, kagent, ops, ana, boss, store, first, start, probe },
    log: () => records(newest().output()),
    /** What the newest process logged under this reference. */
    logged: (reference: string) =>
      records(newest().output()).filter((one) => JSON.stringify(one).includes(reference)),
    /** Waits until #ops or a thread of it shows this, to everybody or to this person; resolves with all of that place. */
    async sees(what: string | RegExp, as = ana): Promise<string> {
      const shows = (place: Channel) => {
        const shown = discord.transcript(place, { as });
        return (typeof what === "string" ? shown.includes(what) : what.test(shown)) ? shown : undefined;
      };
      return discord.until(
        () =>
          places()
            .map(shows)
            .find((one) => one !== undefined),
        {
          what: `${what}`,
          within: 30_000,
        },
      );
    },
    /** The newest message with this control. */
    control: (label: string): Promise<Message> =>
      discord.until(
        () =>
          places()
            .flatMap((place) => discord.messages(place))
            .findLast((one) => discord.messageText(one).includes(`[${label}]`)),
        { what: `[${label}]`, within: 30_000 },
      ),
    probes: (path: string, part: string | RegExp) =>
      discord.until(
        async () => {
          const text = await probe(path);
          return typeof part === "string" ? text.includes(part) : part.test(text);
        },
        { what: `${path} with ${part}`, within: 30_000 },
      ),
    /** Asked for with /k8s in #ops. */
    ask: (prompt: string) => ana.runs(ops, "/k8s", { prompt }),
    /** Every message of #ops and its threads that the bot posted. */
    posted: () => places().flatMap((place) => discord.messages(place).filter((one) => one.author.bot)),
  };
}
