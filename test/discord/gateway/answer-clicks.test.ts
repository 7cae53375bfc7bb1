import { describe, expect, it } from "vitest";
import { operation, questions } from "./waiting-rows.ts";
import { stageWaiting } from "./waiting-stage.ts";

const CALLBACK = { method: "POST", route: /\/callback$/ } as const;
const numbers = (count: number) => Array.from({ length: count }, (_, index) => `namespace-${index + 1}`);

describe("answering on a card", () => {
  it("takes one choice from a button, of anybody who may ask the agent", async () => {
    const { eve, card, sees, decision } = await stageWaiting({
      items: [questions(["Where?"], ["dev", "prod"])],
    });
    await eve.clicks(await card(), "prod");
    expect(await decision()).toEqual([{ itemId: "ask-0", approved: true, answers: [["prod"]] }]);
    await sees("prod · answered by eve");
  });

  it("takes several choices from a select", async () => {
    const items = [questions(["Which?"], ["web", "api", "db"], true)];
    const { ana, card, decision } = await stageWaiting({ items });
    await ana.selects(await card(), "Choose one or more", ["web", "db"]);
    expect(await decision()).toEqual([{ itemId: "ask-0", approved: true, answers: [["web", "db"]] }]);
  });

  it("takes something else in free text", async () => {
    const { ana, card, decision } = await stageWaiting({ items: [questions(["Where?"], ["dev", "prod"])] });
    const form = await (await ana.clicks(await card(), "Something else…")).modal();
    expect(JSON.stringify(form.components)).toContain("Where?");
    await ana.submits(form, { "Your answer": " staging " });
    expect(await decision()).toEqual([{ itemId: "ask-0", approved: true, answers: [["staging"]] }]);
  });

  it("pages thirty choices, and answers with what stands behind a position", async () => {
    const { ana, card, step, decision } = await stageWaiting({ items: [questions(["Where?"], numbers(30))] });
    await ana.clicks(await card(), "Answer…");
    await ana.clicks(await step(ana, "choices 1 to 25 of 30"), "More choices ▶");
    await ana.selects(await step(ana, "choices 26 to 30 of 30"), "Choose one", ["namespace-28"]);
    await step(ana, "Thank you, that is all.");
    expect(await decision()).toEqual([{ itemId: "ask-0", approved: true, answers: [["namespace-28"]] }]);
  });

  it("takes several of thirty choices in one form, with something else", async () => {
    const items = [questions(["Which?"], numbers(30), true)];
    const { ana, card, step, decision } = await stageWaiting({ items });
    await ana.clicks(await card(), "Answer…");
    const form = await (await ana.clicks(await step(ana, "Which?"), "Choose…")).modal();
    await ana.submits(form, {
      "Choices 1 to 25": ["namespace-2"],
      "Choices 26 to 30": ["namespace-27", "namespace-30"],
      "Something else": "and kube-system",
    });
    await step(ana, "Thank you, that is all.");
    const values = ["namespace-2", "namespace-27", "namespace-30", "and kube-system"];
    expect(await decision()).toEqual([{ itemId: "ask-0", approved: true, answers: [values] }]);
  });

  it("sends no empty answer", async () => {
    const items = [questions(["Which?"], numbers(30), true)];
    const { ana, card, step, sees, book } = await stageWaiting({ items });
    await ana.clicks(await card(), "Answer…");
    const form = await (await ana.clicks(await step(ana, "Which?"), "Choose…")).modal();
    await ana.submits(form, {});
    await sees("That was no answer. Try again.", ana);
    expect(await book.decision("request-0")).toBeUndefined();
  });

  it("leads through seven questions in free text, one after the other", async () => {
    const texts = [1, 2, 3, 4, 5, 6, 7].map((number) => `Question ${number}?`);
    const { ana, card, step, decision } = await stageWaiting({ items: [questions(texts)] });
    await ana.clicks(await card(), "Answer…");
    for (const text of texts) {
      const form = await (await ana.clicks(await step(ana, text), "Write an answer…")).modal();
      await ana.submits(form, { "Your answer": `Answer to ${text}` });
    }
    await step(ana, "Thank you, that is all.");
    expect(await decision()).toEqual([
      { itemId: "ask-0", approved: true, answers: texts.map((text) => [`Answer to ${text}`]) },
    ]);
  });

  it("goes on after a restart, and lets one go back to an earlier question", async () => {
    const { ana, card, step, startBot, stopBot, decision } = await stageWaiting({
      items: [questions(["First?", "Second?"], ["yes", "no"])],
    });
    await ana.clicks(await card(), "Answer…");
    await ana.clicks(await step(ana, "First?"), "yes");
    await step(ana, "Second?");
    await stopBot();
    await startBot();
    await ana.clicks(await step(ana, "Second?"), "Back");
    await ana.clicks(await step(ana, "First?"), "no");
    await ana.clicks(await step(ana, "Second?"), "yes");
    expect(await decision()).toEqual([{ itemId: "ask-0", approved: true, answers: [["no"], ["yes"]] }]);
  });

  it("loses no answer with its acknowledgement", async () => {
    const { ana, discord, card, decision } = await stageWaiting({
      items: [questions(["Where?"], ["dev", "prod"])],
    });
    const shown = await card();
    discord.faults.add(CALLBACK, {
      kind: "status",
      status: 404,
      code: 10062,
      message: "Unknown interaction",
    });
    await ana.clicks(shown, "dev");
    expect(await decision()).toEqual([{ itemId: "ask-0", approved: true, answers: [["dev"]] }]);
  });

  it("opens questions beside operations only when every operation is approved", async () => {
    const items = [operation(0), questions(["Where?"], ["dev", "prod"])];
    const { ana, ben, card, sees, discord, decision } = await stageWaiting({ items });
    const before = await card();
    expect(discord.messageText(before)).not.toContain("[dev]");
    await ben.clicks(before, "Approve");
    await sees("[dev]");
    await ana.clicks(await card(), "dev");
    expect(await decision()).toEqual([
      { itemId: "confirm-0", approved: true },
      { itemId: "ask-0", approved: true, answers: [["dev"]] },
    ]);
  });

  it("on a card that is over says who answered", async () => {
    const { ana, eve, card, sees } = await stageWaiting({ items: [questions(["Where?"], ["dev", "prod"])] });
    const shown = await card();
    const stale = { ...shown, components: [...shown.components] };
    await ana.clicks(shown, "dev");
    await sees("answered by ana");
    await eve.clicks(stale, "prod");
    await sees("This was answered by ana.", eve);
  });

  it("opens no form on a card that is over", async () => {
    const { ana, eve, card, sees } = await stageWaiting({ items: [questions(["Where?"], ["dev", "prod"])] });
    const shown = await card();
    const stale = { ...shown, components: [...shown.components] };
    await ana.clicks(shown, "dev");
    await sees("answered by ana");
    const click = await eve.clicks(stale, "Something else…");
    expect((await click.response()).type).toBe("message");
  });

  it("is for those who may ask the agent", async () => {
    const items = [questions(["Where?"], ["dev", "prod"])];
    const { ana, eve, card, sees, book, decision } = await stageWaiting({ askers: "dev-team", items });
    await eve.clicks(await card(), "prod");
    await sees("Only members of @dev-team may ask k8s-agent", eve);
    expect(await book.decision("request-0")).toBeUndefined();
    await ana.clicks(await card(), "dev");
    expect(await decision()).toHaveLength(1);
  });

  it("is in direct messages for members of a served server", async () => {
    let isMember = false;
    const items = [questions(["Where?"], ["dev", "prod"])];
    const { ana, card, sees, book, decision } = await stageWaiting({
      direct: true,
      isMember: () => isMember,
      items,
    });
    await ana.clicks(await card(), "dev");
    await sees("You are in none of the servers that I serve.", ana);
    expect(await book.decision("request-0")).toBeUndefined();
    isMember = true;
    await ana.clicks(await card(), "dev");
    expect(await decision()).toHaveLength(1);
  });
});
