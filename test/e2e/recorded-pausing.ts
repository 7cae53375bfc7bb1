import { describe, expect, it } from "vitest";
import { answerIn, letters } from "../../demo/words.ts";
import type { Person } from "../../emulator/discord/people/person.ts";
import type { Channel, Message } from "../../emulator/discord/world/model.ts";
import { operationsOf, questionSetsOf } from "../../src/conversation/approval.ts";
import { type RecordedReply, repliesOf } from "../a2a/support/pauses.ts";
import { askRecorded, recordedFolders, recordedStage, recordings, turnsOver } from "./recorded-stage.ts";
import type { Story } from "./story.ts";

/** Pauses that the recorded client decided as people here can. */
const CASES = [
  "approve",
  "reject_reason",
  "batch_reject_all",
  "batch_mixed",
  "ask_user",
  "mixed_batch",
  "twice",
  "nested_approve",
  "nested_ask",
  "nested_batch",
];
/** Versions of which every decision, or every nested one, fails whatever it is. */
const BROKEN = (folder: string, name: string) =>
  folder.startsWith("python-0.10.0/") || (folder.startsWith("python-1.0.0a1/") && name.startsWith("nested_"));

/** What the recorded client decided about an item of the pause, on either wire. */
function isApproved({ message }: RecordedReply, id: string): boolean {
  const text = JSON.stringify(message);
  if (text.includes(`"${id}":"reject"`) || text.includes(`"id":"${id}","approved":false`)) return false;
  return !text.includes('"decision_type":"reject"');
}

class Desk {
  readonly #story: Story;
  readonly #boss: Person;
  readonly #place: Channel;
  readonly #decided = new Set<string>();

  constructor(story: Story, boss: Person, place: Channel) {
    this.#story = story;
    this.#boss = boss;
    this.#place = place;
  }

  /** The newest message with this control. */
  control(pattern: RegExp): Promise<Message> {
    const { discord } = this.#story;
    return discord.until(
      () =>
        discord
          .messages(this.#place)
          .findLast((one) => !this.#decided.has(one.id) && pattern.test(discord.messageText(one))),
      { what: String(pattern) },
    );
  }

  async decide(reply: RecordedReply): Promise<void> {
    const { request } = reply.pause;
    if (!request) throw new Error("nothing was asked");
    const operations = operationsOf(request);
    const verdicts = operations.map(({ id }) => isApproved(reply, id));
    if (operations.length === 1) await this.click(/\[Approve\]/, verdicts[0] ? "Approve" : "Reject");
    else if (operations.length > 1) await this.decideAll(verdicts);
    if (verdicts.every((approved) => approved) && !request.asksAgain) {
      for (const set of questionSetsOf(request)) await this.answer(set.questions.length);
    }
  }

  async decideAll(verdicts: readonly boolean[]): Promise<void> {
    if (new Set(verdicts).size === 1)
      return this.click(/\[Approve all\]/, verdicts[0] ? "Approve all" : "Reject all");
    await this.click(/\[Decide one by one\]/, "Decide one by one");
    for (const [index, approved] of verdicts.entries())
      await this.click(
        new RegExp(`\\*\\*${index + 1} of ${verdicts.length}\\*\\*[^]*\\[Approve\\]`),
        approved ? "Approve" : "Reject",
      );
  }

  async answer(count: number): Promise<void> {
    if (count > 1) await this.click(/\[Answer…\]/, "Answer…");
    for (let number = 1; number <= count; number += 1) {
      const spot = count > 1 ? `${number} of ${count}[^]*` : "";
      const step = new RegExp(`${spot}\\[(Something else|Write an answer)…\\]`);
      const message = await this.control(step);
      const text = this.#story.discord.messageText(message);
      const label = text.includes("[Write") ? "Write an answer…" : "Something else…";
      const form = await (await this.#boss.clicks(message, label)).modal();
      await this.#boss.submits(form, { "Your answer": `answer ${number}` });
    }
  }

  async click(pattern: RegExp, label: string): Promise<void> {
    const message = await this.control(pattern);
    if (/^(Approve|Reject)/.test(label) && message.ephemeralFor === undefined) this.#decided.add(message.id);
    await this.#boss.clicks(message, label);
  }
}

function casesIn(folder: string): readonly string[] {
  return CASES.filter((name) => recordings.names(folder).includes(name));
}

/** Tells the recorded pauses of some runtimes. */
export function tellPauses(isMeant: (folder: string) => boolean): void {
  const folders = recordedFolders.filter((folder) => isMeant(folder) && casesIn(folder).length > 0);
  describe.each(folders)("what %s waited for", (folder) => {
    it("is shown on a card, decided as it was then, and goes on as it did", async () => {
      const story = await recordedStage(folder);
      const { discord, kagent } = story;
      const boss = discord.createPerson({ name: "boss", manager: true });
      for (const name of casesIn(folder)) {
        const over = turnsOver(story);
        const decided = kagent.decisions.length;
        const place = await askRecorded(story, folder, name);
        const desk = new Desk(story, boss, place);
        const replies = repliesOf(recordings.read(folder, name));
        for (const reply of replies) await desk.decide(reply);
        await discord.until(() => turnsOver(story) > over, { what: `the end of ${name}` });
        // The end of the answer is shown before the end of its card.
        const shown = await discord.until(() => {
          const text = discord.transcript(place);
          return text.includes("[Approve") ? undefined : text;
        });
        expect(kagent.decisions.slice(decided), name).toHaveLength(replies.length);
        if (BROKEN(folder, name)) {
          expect(shown).toMatch(/Upgrade kagent/);
          continue;
        }
        const answer = letters(kagent.runs().at(-1)?.task.answer() ?? "");
        const words = letters(answerIn(place, discord.botId));
        expect(answer.length, name).toBeGreaterThan(0);
        expect(`${name} ${words.split(answer).length - 1} times`).toBe(`${name} 1 times`);
        // What the emulator says where a reply is not the recorded one.
        expect(shown).not.toContain("That is decided, and I am done.");
        expect(shown).not.toMatch(/adk_request_confirmation|confirmation_requested/);
      }
    });
  });
}
