import { Events } from "discord.js";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { openStage, refusal, type Stage } from "./stage.ts";

let stage: Stage;
beforeAll(async () => {
  stage = await openStage({ limits: { buckets: { create: { limit: 500, perMs: 5000 } } } });
  stage.discord.world.commands.replace(undefined, [{ name: "form", description: "Opens a form" }]);
});
afterAll(() => stage.close());

let last = 0;
const id = () => {
  last += 1;
  return `id-${last}`;
};
const button = (more: object = {}) => ({ type: 2, style: 1, custom_id: id(), label: "x", ...more });
const option = (more: object = {}) => ({ label: "x", value: id(), ...more });
const options = (count: number) => Array.from({ length: count }, () => option());
const select = (more: object = {}) => ({ type: 3, custom_id: id(), options: options(3), ...more });
const row = (...components: object[]) => ({ type: 1, components });
const input = (more: object = {}) => ({ type: 4, style: 1, custom_id: id(), ...more });
const label = (component: object, more: object = {}) => ({ type: 18, label: "x", component, ...more });
const long = (length: number) => "x".repeat(length);

describe("a message's rows", () => {
  it.each<[string, () => object[]]>([
    ["no components in a row", () => [row()]],
    ["six buttons", () => [row(...Array.from({ length: 6 }, () => button()))]],
    ["two selects in a row", () => [row(select(), select())]],
    ["a button beside a select", () => [row(button(), select())]],
    ["a row in a row", () => [row(row(button()))]],
    ["a text input", () => [row(input({ label: "x" }))]],
    ["a label", () => [label(select())]],
    ["a label of 81 characters", () => [row(button({ label: long(81) }))]],
    ["an empty custom_id", () => [row(button({ custom_id: "" }))]],
    ["an unknown button style", () => [row(button({ style: 9 }))]],
    ["no options", () => [row(select({ options: [] }))]],
    ["26 options", () => [row(select({ options: options(26) }))]],
    ["an option's label of 101 characters", () => [row(select({ options: [option({ label: long(101) })] }))]],
    ["an option's value of 101 characters", () => [row(select({ options: [option({ value: long(101) })] }))]],
    ["an option without a value", () => [row(select({ options: [{ label: "x" }] }))]],
    [
      "an option's description of 101 characters",
      () => [row(select({ options: [option({ description: long(101) })] }))],
    ],
    ["a placeholder of 151 characters", () => [row(select({ placeholder: long(151) }))]],
    ["a select without a custom_id", () => [row(select({ custom_id: undefined }))]],
    ["more values than options", () => [row(select({ max_values: 4 }))]],
    ["more least than most values", () => [row(select({ min_values: 3, max_values: 2 }))]],
    [
      "more defaults than values",
      () => [row(select({ options: [option({ default: true }), option({ default: true })] }))],
    ],
  ])("are refused with %s", async (_what, components) => {
    const { bot, channel } = stage;
    const sent = bot.rest.post(`/channels/${channel.id}/messages`, {
      body: { content: "x", components: components() },
    });
    expect(await refusal(sent)).toBe(50035);
  });

  it("are taken at their limits", async () => {
    const { bot, channel } = stage;
    const full = [
      row(...Array.from({ length: 5 }, () => button({ label: long(80), custom_id: id().padEnd(100, "x") }))),
      row(select({ options: options(25), max_values: 25, min_values: 0, placeholder: long(150) })),
      row(button({ style: 4, disabled: true })),
      row(select({ options: [option({ label: long(100), value: long(100), description: long(100) })] })),
      row({ type: 5, custom_id: id(), max_values: 25 }),
    ];
    const sent = bot.rest.post(`/channels/${channel.id}/messages`, {
      body: { content: "x", components: full },
    });
    expect(await refusal(sent)).toBe("accepted");
  });
});

/** What Discord answers to a form. */
async function opened(data: object): Promise<number | string> {
  const { bot, ana, general } = stage;
  const answered = new Promise<number | string>((resolve, reject) => {
    bot.once(Events.InteractionCreate, (interaction) => {
      const sent = bot.rest.post(`/interactions/${interaction.id}/${interaction.token}/callback`, {
        body: { type: 9, data },
        auth: false,
      });
      refusal(sent).then(resolve, reject);
    });
  });
  await ana.runs(general, "/form");
  return answered;
}

const modal = (components: object[], more: object = {}) => ({
  custom_id: "m",
  title: "Form",
  components,
  ...more,
});

describe("a form", () => {
  it.each<[string, () => object]>([
    ["a title of 46 characters", () => modal([label(input())], { title: long(46) })],
    ["no title", () => modal([label(input())], { title: undefined })],
    ["an empty title", () => modal([label(input())], { title: "" })],
    ["a custom_id of 101 characters", () => modal([label(input())], { custom_id: long(101) })],
    ["no components", () => modal([])],
    ["six fields", () => modal(Array.from({ length: 6 }, () => label(input())))],
    ["a label of 46 characters", () => modal([label(input(), { label: long(46) })])],
    ["a description of 101 characters", () => modal([label(input(), { description: long(101) })])],
    ["a button", () => modal([row(button())])],
    ["a button under a label", () => modal([label(button())])],
    ["a select in a row", () => modal([row(select())])],
    ["a row of two inputs", () => modal([row(input({ label: "x" }), input({ label: "x" }))])],
    ["an input without its label", () => modal([input()])],
    ["a disabled select", () => modal([label(select({ disabled: true }))])],
    ["a select with 26 options", () => modal([label(select({ options: options(26) }))])],
    [
      "the same custom_id twice",
      () => modal([label(input({ custom_id: "a" })), label(input({ custom_id: "a" }))]),
    ],
    ["an input of 4001 characters", () => modal([label(input({ max_length: 4001 }))])],
    ["a placeholder of 101 characters", () => modal([label(input({ placeholder: long(101) }))])],
    ["one radio button", () => modal([label({ type: 21, custom_id: id(), options: options(1) })])],
  ])("is refused with %s", async (_what, data) => {
    expect(await opened(data())).toBe(50035);
  });

  it("is taken with five labels, selects among them", async () => {
    const fields = [
      label(input({ max_length: 4000, value: "v" }), { label: long(45), description: long(100) }),
      label(select({ options: options(25), required: false, max_values: 25 })),
      label({ type: 5, custom_id: id() }),
      label({ type: 21, custom_id: id(), options: options(10) }),
      { type: 10, content: "Words" },
    ];
    expect(await opened(modal(fields, { title: long(45) }))).toBe("accepted");
  });

  it("is taken in its old form of rows with one input each", async () => {
    expect(await opened(modal([row(input({ label: "Why?" }))]))).toBe("accepted");
  });
});
