import type { Readable, Writable } from "node:stream";
import type { InteractionHandle } from "../emulator/discord/people/interaction-handle.ts";
import type { Person } from "../emulator/discord/people/person.ts";
import type { OpenModal } from "../emulator/discord/world/interaction.ts";
import type { Channel, Message } from "../emulator/discord/world/model.ts";
import { entriesOf, formText, readFilling, selectOffering } from "./controls.ts";
import { createLines } from "./lines.ts";
import { after, resting } from "./rest.ts";
import type { Screen } from "./screen.ts";
import type { Stage } from "./stage.ts";

/** What a conversation at the keyboard needs. */
export interface TalkOptions {
  readonly stage: Stage;
  /** Who is there already; the first one begins. */
  readonly people: readonly Person[];
  readonly mesh: Channel;
  readonly screen: Screen;
  readonly write: (text: string) => void;
  readonly input: Readable;
  /** Where the input is a keyboard: what it types on. */
  readonly terminal?: Writable;
}

const HELP = `
You are ana, in #ops. Type:
  /k8s why is checkout failing?     any command of the bot; what follows goes into its first option
  /ask agent:istio-agent is mTLS on?
  @kagent is mTLS on?               a mention; plain text is a message where you are
  :click Stop                       click a button: of the newest message that has it
  :select shop                      choose in a select, several with commas
  :fill too late for today          fill in the form that opened; fields by name: Reason = … | Other = …
  :about                            "Ask an agent about this", for the newest message of a person
  :as ben                           be somebody else; a new name comes in, :as carol sre with a role
  :go ops | :go mesh | :go          go to a channel, or into the newest thread
  :wait 3                           look on for some seconds
  :quit
A line that you type while an agent answers is done at once.
Try "Watch the rollout", "Scale checkout" (ben is @sre and may decide), "Clean up", "Look for errors", "boom".
`;

const ABOUT = "Ask an agent about this";

/** Lets somebody type in the local Discord and see what they would see, until `:quit` or the end of input. */
export async function talk(options: TalkOptions): Promise<void> {
  const { stage, mesh, screen, write, terminal } = options;
  const { discord, ops } = stage;
  const people = new Map(options.people.map((person) => [person.name, person]));
  const [first] = options.people;
  if (!first) throw new Error("nobody is there to talk");
  let me = first;
  let here = ops;
  let form: OpenModal | undefined;
  const lines = createLines(options.input, terminal);
  write(HELP);
  for (;;) {
    write(terminal ? "\n" : `\n${invitation()}`);
    lines.prompt(invitation());
    const typed = (await lines.next())?.trim();
    if (typed === undefined || typed === ":quit") break;
    if (!terminal) write(`${typed}\n`);
    await act(typed).catch((error: unknown) => {
      screen.leave();
      write(`${error instanceof Error ? error.message : String(error)}\n`);
    });
  }
  lines.close();

  function invitation(): string {
    return `${me.name}@${here.thread ? `(${here.name})` : `#${here.name}`}> `;
  }

  async function act(typed: string): Promise<void> {
    const [word = "", ...rest] = typed.split(" ");
    const text = rest.join(" ").trim();
    if (typed === "") return;
    if (word === ":as") return be(text);
    if (word === ":go") return enter(place(text));
    const known = new Set(discord.threads(here));
    screen.watch([here], me, lines.redraw);
    await (word === ":wait" ? undefined : run(word, text, typed));
    const isOpened = (thread: Channel) => !known.has(thread) && thread.parentId === here.id;
    await watch(isOpened, word === ":wait" ? (Number(text) || 1) * 1000 : undefined);
  }

  async function run(word: string, text: string, typed: string): Promise<void> {
    if (word === ":click") return took(await click(text));
    if (word === ":select") return took(await select(entriesOf(text)));
    if (word === ":fill") return took(await fill(text));
    if (word === ":about") return took(await about());
    if (word.startsWith(":")) throw new Error(`I do not know ${word}.${HELP}`);
    if (word.startsWith("/")) return took(await me.runs(here, word, optionsOf(text)));
    await me.says(here, typed);
  }

  /** Shows what happens until it is at rest, for `ms`, or until the next line is typed; goes into a thread that opens. */
  async function watch(isOpened: (thread: Channel) => boolean, ms: number | undefined): Promise<void> {
    const arrival = lines.arrival().then(() => "typed" as const);
    const stopListening = discord.onChange(() => {
      const opened = discord.threads(here).find(isOpened);
      if (!opened) return;
      here = opened;
      screen.watch([here], me, lines.redraw);
      lines.prompt(invitation());
    });
    const isNext = ms === undefined && lines.peek()?.startsWith(":wait") === true;
    const pause = isNext ? 0 : ms;
    const rested = pause === undefined ? resting(discord, () => here) : after(pause);
    const how = await Promise.race([arrival, rested]);
    stopListening();
    if (how === "typed" && terminal) screen.leave();
    else screen.rest();
  }

  function be(typed: string): void {
    const [name = "", roleName] = typed.split(" ");
    if (name === "") throw new Error(`There are ${[...people.keys()].join(", ")}.`);
    const role = [...stage.guild.guild.roles.values()].find((one) => one.name === roleName);
    if (roleName !== undefined && !role) throw new Error(`There is no role ${roleName}.`);
    me = people.get(name) ?? discord.createPerson({ name });
    people.set(name, me);
    if (role) stage.guild.giveRole(me, role);
    form = undefined;
  }

  function place(name: string): Channel {
    if (name === "ops") return ops;
    if (name === "mesh") return mesh;
    return [...discord.threads(ops), ...discord.threads(mesh)].at(-1) ?? here;
  }

  function enter(channel: Channel): void {
    here = channel;
    screen.watch([here], me);
    screen.rest();
  }

  async function click(label: string): Promise<InteractionHandle> {
    let refusal: unknown = new Error("no message here has a button");
    for (const message of newest()) {
      try {
        return await me.clicks(message, label);
      } catch (error) {
        // The newest message knows best what there is to click.
        if (refusal instanceof Error && refusal.message.startsWith("no message")) refusal = error;
      }
    }
    throw refusal;
  }

  async function select(wanted: readonly string[]): Promise<InteractionHandle> {
    for (const message of newest()) {
      const id = selectOffering(message, wanted);
      if (id !== undefined) return me.selects(message, id, wanted);
    }
    throw new Error(`no select here offers ${wanted.join(", ")}`);
  }

  async function fill(text: string): Promise<InteractionHandle> {
    if (!form) throw new Error("no form is open");
    const filled = form;
    const handle = await me.submits(filled, readFilling(filled, text));
    form = undefined;
    return handle;
  }

  async function about(): Promise<InteractionHandle> {
    const said = discord.messages(here).findLast((one) => !one.author.bot && one.content !== "");
    if (!said) throw new Error("nobody has written anything here");
    return me.uses(said, ABOUT);
  }

  /** Messages with something to touch, the newest first. */
  function newest(): readonly Message[] {
    return discord
      .messages(here)
      .filter((one) => one.components.length > 0)
      .reverse();
  }

  async function took(handle: InteractionHandle): Promise<void> {
    const { modal } = await handle.response();
    if (!modal) return;
    form = modal;
    write(`${formText(modal)}\n`);
  }
}

/** `agent:name` and `cluster:name` at the beginning are options; the rest is the prompt. */
function optionsOf(text: string): Record<string, string> {
  const [, name, value = "", rest = ""] = /^(agent|cluster):(\S+)\s*(.*)$/s.exec(text) ?? [];
  if (name !== undefined) return { [name]: value, ...optionsOf(rest) };
  return text === "" ? {} : { prompt: text };
}
