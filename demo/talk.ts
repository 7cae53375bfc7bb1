import { createInterface } from "node:readline/promises";
import type { Readable } from "node:stream";
import type { Person } from "../emulator/discord/people/person.ts";
import type { Channel } from "../emulator/discord/world/model.ts";
import type { Screen } from "./screen.ts";
import type { Stage } from "./stage.ts";

/** What a conversation at the keyboard needs. */
export interface TalkOptions {
  readonly stage: Stage;
  readonly ana: Person;
  readonly mesh: Channel;
  readonly screen: Screen;
  readonly write: (text: string) => void;
  readonly input: Readable;
}

const HELP = `
You are ana, in #ops. Type:
  /k8s why is checkout failing?     any command of the bot; what follows goes into its first option
  @kagent is mTLS on?               a mention; plain text is a message where you are
  :go ops | :go mesh | :go          go to a channel, or into the newest thread
  :click Stop                       click a button of the newest message that has one
  :quit
`;

/** What people must wait for after the last change before the place counts as calm. */
const CALM_MS = 1_500;

/** Lets a person type in the local Discord and see what they would see, until `:quit` or the end of input. */
export async function talk({ stage, ana, mesh, screen, write, input }: TalkOptions): Promise<void> {
  const lines = createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY });
  let here: Channel = stage.ops;
  const prompt = () => write(`\nana@${here.thread ? `(${here.name})` : `#${here.name}`}> `);
  write(HELP);
  prompt();
  for await (const line of lines) {
    const typed = line.trim();
    if (typed === ":quit") break;
    try {
      here = await act(typed);
    } catch (error) {
      write(`${error instanceof Error ? error.message : String(error)}\n`);
    }
    prompt();
  }
  lines.close();

  async function act(typed: string): Promise<Channel> {
    if (typed === "") return here;
    if (typed.startsWith(":go")) return go(typed.slice(3).trim());
    const threads = stage.discord.threads(here).length;
    screen.watch([here]);
    if (typed.startsWith(":click ")) await click(typed.slice(7).trim());
    else if (typed.startsWith("/")) await slash(typed);
    else await ana.says(here, typed);
    await calm();
    screen.rest();
    const opened = stage.discord.threads(here)[threads];
    return opened ? enter(opened) : here;
  }

  function go(name: string): Channel {
    if (name === "ops") return stage.ops;
    if (name === "mesh") return mesh;
    const newest = [...stage.discord.threads(stage.ops), ...stage.discord.threads(mesh)].at(-1);
    return newest ? enter(newest) : here;
  }

  function enter(thread: Channel): Channel {
    screen.watch([thread]);
    screen.rest();
    return thread;
  }

  async function slash(typed: string): Promise<void> {
    const [command = "", ...rest] = typed.split(" ");
    const text = rest.join(" ");
    const interaction = await ana.runs(here, command, text === "" ? {} : { prompt: text });
    const { isEphemeral, message } = await interaction.response();
    if (!isEphemeral) return;
    await stage.discord.until(() => (interaction.message?.content ?? "") !== "", {
      what: "the private answer",
    });
    write(`(only you see this)\n${(interaction.message ?? message)?.content ?? ""}\n`);
  }

  async function click(label: string): Promise<void> {
    const message = stage.discord.messages(here).findLast((one) => one.components.length > 0);
    if (!message) throw new Error("no message here has a button");
    await ana.clicks(message, label);
  }

  /** Waits until nothing has changed for a while. */
  function calm(): Promise<void> {
    return new Promise((resolve) => {
      let timer = setTimeout(finish, CALM_MS);
      const stopListening = stage.discord.onChange(() => {
        clearTimeout(timer);
        timer = setTimeout(finish, CALM_MS);
      });
      function finish(): void {
        stopListening();
        resolve();
      }
    });
  }
}
