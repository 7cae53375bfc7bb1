import type { Recording } from "../emulator/agent/recordings.ts";
import type { Channel } from "../emulator/discord/world/model.ts";

/** What a person reads as the agent's words: messages of the bot without its own small print and fence lines. */
export function answerIn(channel: Channel, botId: string): string {
  return [...channel.messages.values()]
    .filter((message) => message.author.id === botId)
    .flatMap((message) => message.content.split("\n"))
    .filter((line) => !line.startsWith("-# ") && !line.startsWith("```"))
    .join("\n");
}

/** Letters and digits alone: what must be the same whatever the layout of tables, lists and check boxes. */
export function letters(text: string): string {
  const lines = text.split("\n").filter((line) => !line.startsWith("```"));
  return lines
    .join("\n")
    .replaceAll(/^( *[-*] )\[x\]/gm, "$1")
    .replaceAll(/[^\p{L}\p{N}]/gu, "");
}

const TEXT = /"artifact":\{.*?"text":("(?:[^"\\]|\\.)*")/;

/** The answer that a recorded 0.3 stream ends with: the text of its last artifact. */
export function recordedAnswer(recording: Recording): string {
  const streams = recording.exchanges.map(
    (one) => one.response?.chunks.map((chunk) => chunk.text).join("") ?? "",
  );
  const artifacts = streams
    .flatMap((stream) => stream.split(/\r?\n/))
    .filter((line) => line.startsWith("data:") && line.includes('"kind":"artifact-update"'));
  const text = TEXT.exec(artifacts.at(-1) ?? "")?.[1];
  if (text === undefined) throw new Error(`no artifact in ${recording.case}`);
  return String(JSON.parse(text));
}
