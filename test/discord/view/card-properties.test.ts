import fc from "fast-check";
import { expect, test } from "vitest";
import { isObject } from "../../../emulator/discord/json.ts";
import { checkComponents, flatten } from "../../../emulator/discord/rules/components.ts";
import type { RequestItem } from "../../../src/conversation/approval.ts";
import { readCustomId } from "../../../src/discord/gateway/custom-id.ts";
import { toComponents } from "../../../src/discord/rest/card-components.ts";
import { renderCard } from "../../../src/discord/view/card.ts";
import { renderItemStep, renderQuestionStep } from "../../../src/discord/view/card-step.ts";
import type { CardView } from "../../../src/discord/view/card-view.ts";
import { quotedText, visibleText } from "../../../src/discord/view/exact-text.ts";
import { type JsonNode, readJson } from "../../../src/discord/view/json-text.ts";
import { codePointLength } from "../../../src/discord/view/safe-text.ts";
import { aCard, LOOK, vote } from "./a-card.ts";
import { hostileItems, hostileText, stateOf } from "./hostile-request.ts";

const cards = hostileItems.chain((items) =>
  fc
    .record({ context: hostileText, actorName: hostileText, state: stateOf(items) })
    .map(({ context, actorName, state }) =>
      aCard(items, { context, votes: items.slice(0, 3).map((item) => vote(item.id, actorName)) }, state),
    ),
);

function expectAllowed(view: CardView): void {
  const components: unknown = JSON.parse(JSON.stringify(toComponents(view)));
  const list = Array.isArray(components) ? components.filter(isObject) : [];
  expect(() => checkComponents(list, true)).not.toThrow();
  expect(flatten(list).length).toBeLessThanOrEqual(40);
  const bytes = view.blocks.reduce((sum, block) => sum + Buffer.byteLength(block) + 12, 0);
  expect(bytes).toBeLessThanOrEqual(9500);
  expect(codePointLength(view.blocks.join(""))).toBeLessThanOrEqual(4000);
  for (const block of view.blocks) expect(block.trim()).not.toBe("");
  for (const row of view.rows) {
    if (row.kind === "buttons") {
      expect(row.buttons.length).toBeLessThanOrEqual(5);
      for (const { label, customId } of row.buttons) {
        expect(label.trim().length).toBeGreaterThan(0);
        expect(label.length).toBeLessThanOrEqual(80);
        expect(readCustomId(customId)).toBeDefined();
      }
      continue;
    }
    expect(row.options.length).toBeGreaterThan(0);
    expect(row.options.length).toBeLessThanOrEqual(25);
    expect(readCustomId(row.customId)).toMatchObject({ act: "pick" });
    for (const { label } of row.options) {
      expect(label.trim().length).toBeGreaterThan(0);
      expect(label.length).toBeLessThanOrEqual(100);
    }
  }
}

const CODE = /```\n[\s\S]*?\n```|\\.|`[^`\n]+`/g;

/** What people read, without the breaks that keep code and mentions apart. */
function readable(view: CardView): string {
  return view.blocks.join("\n").replaceAll(/(?<=[`@])\u200b|\u200b(?=`)/g, "");
}

function keysOf(node: JsonNode): readonly string[] {
  if (node.kind === "array") return node.items.flatMap(keysOf);
  if (node.kind !== "object") return [];
  return node.entries.flatMap(({ key, value }) => [key, ...keysOf(value)]);
}

function fileOf(view: CardView): string {
  return new TextDecoder().decode(view.files[0]?.bytes);
}

function names(item: RequestItem): readonly string[] {
  if (item.kind !== "operation") return [];
  const args = readJson(item.args);
  return args ? keysOf(args) : [];
}

/** They only compute: a machine that others use, too, needs so long (ms). */
const PATIENCE_MS = 90_000;

test(
  "whatever an agent asks, its card and its steps stay within Discord's limits",
  () => {
    fc.assert(
      fc.property(cards, fc.nat(5), fc.nat(3), (card, question, page) => {
        expectAllowed(renderCard(card, LOOK));
        for (const index of card.row.request.items.keys()) {
          expectAllowed(renderItemStep(card, index, LOOK));
          expectAllowed(renderQuestionStep(card, index, question, page, LOOK));
        }
      }),
      { numRuns: 150 },
    );
  },
  PATIENCE_MS,
);

test(
  "every key and tool is on the card, or else in the file to which the card sends its reader",
  () => {
    fc.assert(
      fc.property(cards, (card) => {
        const view = renderCard(card, LOOK);
        const text = readable(view);
        const sends = text.includes("There is more than this card can show.");
        const file = fileOf(view);
        for (const item of card.row.request.items) {
          for (const key of names(item)) {
            expect(file).toContain(quotedText(key));
            expect(sends || text.includes(key) || text.includes(quotedText(key))).toBe(true);
          }
          if (item.kind !== "operation") continue;
          expect(file).toContain(quotedText(item.tool));
          if (/^[\w-]{1,100}$/.test(item.tool)) expect(sends || text.includes(item.tool)).toBe(true);
        }
      }),
      { numRuns: 150 },
    );
  },
  PATIENCE_MS,
);

test(
  "nothing on a card is invisible, notifies, or ends its block of code early",
  () => {
    fc.assert(
      fc.property(cards, (card) => {
        const view = renderCard(card, LOOK);
        // Prose needs joiners and emoji; code shows even those.
        const prose = view.blocks
          .join("\n")
          .replaceAll(CODE, "")
          .replaceAll(/\u200c|\u200d|\ufe0f/g, "");
        const code = view.blocks.join("\n").match(CODE) ?? [];
        for (const text of [prose, ...code]) {
          const broken = text.replaceAll(/(?<=[`@])\u200b|\u200b(?=`)|\n/g, "");
          expect(visibleText(broken)).toBe(broken);
        }
        for (const block of view.blocks) {
          const fences = block.match(/```/g) ?? [];
          expect(fences.length % 2).toBe(0);
          const spoken = block.replaceAll(CODE, "");
          expect(spoken).not.toMatch(/(?<!\\)<@(?!&700>)/);
          expect(spoken).not.toMatch(/@(?:everyone|here)/);
          expect(spoken).not.toMatch(/(?<!\\)\]\(https:\/\/evil/);
        }
      }),
      { numRuns: 150 },
    );
  },
  PATIENCE_MS,
);
