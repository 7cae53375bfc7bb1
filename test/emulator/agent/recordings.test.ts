import { expect, test } from "vitest";
import { createRecordings } from "../../../emulator/agent/recordings.ts";

test("every recorded case of every folder is in the format", () => {
  const recordings = createRecordings();
  const all = recordings
    .folders()
    .flatMap((folder) => recordings.names(folder).map((name) => recordings.read(folder, name)));
  expect(recordings.folders()).toHaveLength(24);
  expect(all).toHaveLength(1009);
  expect(all.filter((recording) => recording.incomplete)).toHaveLength(1);
  expect(all.flatMap((recording) => recording.events)).toHaveLength(42);
});

test("a recording keeps the chunks of the socket with their times", () => {
  const plain = createRecordings().read("python-0.10.4/stream", "plain");
  const response = plain.exchanges[0]?.response;
  expect(plain).toMatchObject({ runtime: "python", version: "0.10.4", protocol: "0.3", mode: "stream" });
  expect(response?.chunks).toHaveLength(69);
  expect(response?.chunks[0]).toMatchObject({
    ms: 61,
    text: expect.stringMatching(/^data: \{.*\}\r\n\r\n$/),
  });
  expect(response?.endMs).toBe(1803);
});

test("an unknown folder or case is an error that names it", () => {
  const recordings = createRecordings();
  expect(() => recordings.names("python-9")).toThrow("python-9");
  expect(() => recordings.read("python-0.10.4/stream", "nothing")).toThrow("python-0.10.4/stream/nothing");
});
