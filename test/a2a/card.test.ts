import { expect, test } from "vitest";
import { createRecordings } from "../../emulator/agent/recordings.ts";
import { readCard } from "../../src/a2a/card.ts";
import { parseJson } from "../../src/a2a/wire/json.ts";
import { bodyOf } from "./support/replay.ts";

const recordings = createRecordings();

test.each([
  ["go-0.9.12/stream", ["0.3"]],
  ["python-0.10.4/stream", ["0.3"]],
  ["python-1.0.0a1/stream", ["1.0"]],
  ["go-main-a2a1/stream", ["1.0"]],
  ["controller-0.9.12-python", ["0.3", "1.0"]],
])("the card of %s tells what it speaks", (folder, protocols) => {
  const [exchange] = recordings.read(folder, "card").exchanges;
  expect(readCard(parseJson(bodyOf(exchange)))?.protocols).toEqual(protocols);
});

test("example prompts come from the skills", () => {
  const [exchange] = recordings.read("controller-0.9.12-python", "card").exchanges;
  expect(readCard(parseJson(bodyOf(exchange)))?.examples).toEqual(["plain: why is checkout failing?"]);
});

test("what has no name is no card", () => {
  expect(readCard({ jsonrpc: "2.0", error: {} })).toBeUndefined();
  expect(readCard([])).toBeUndefined();
});
