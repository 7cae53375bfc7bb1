import type { AgentRef } from "../../conversation/agent-ref.ts";
import { isOver, type Turn } from "../../conversation/turn.ts";
import { answerText } from "../../conversation/turn-output.ts";
import { MAX_CONTENT, renderAnswer } from "./answer.ts";
import { type Attachments, answerFile, toAttachments } from "./attachments.ts";
import type { ButtonView, FileView, MessageView, TurnView } from "./message.ts";
import { activeMs, outcomeText, STATE_TEXTS, statusLines, summary, truncationLine } from "./outcome.ts";
import { questionText } from "./question.ts";
import { codePointLength } from "./safe-text.ts";

/** How turns look. */
export interface RenderOptions {
  /** The agent's name for people, already safe for Discord. */
  readonly agentLabel: (agent: AgentRef) => string;
  /** Messages of one answer, 8 unless said otherwise; the rest goes into a file. */
  readonly maxMessages?: number;
  /** Whether the end of a long turn notifies the person who asked. */
  readonly notify?: boolean;
  /** Turns longer than this end with a fresh message; 20,000 ms unless said otherwise. */
  readonly longTurnMs?: number;
  /** Whether a complete answer can be voted on; it cannot unless said otherwise. */
  readonly feedback?: boolean;
  /** Whether a running answer has a Stop button; it has unless said otherwise. */
  readonly stopButton?: boolean;
  /** Bytes that Discord takes for one file in this place; 10 MiB unless said otherwise. */
  readonly maxFileBytes?: number;
}

const MAX_MESSAGES = 8;
const LONG_TURN_MS = 20_000;
const MAX_FILE_BYTES = 10 * 1024 * 1024;
const NO_ATTACHMENTS: Attachments = { batches: [], omitted: [] };

/**
 * Everything that a turn shows since its last pause, as a pure function of the turn. While text only grows, all messages but the last keep
 * their content (a growing table aside); tools that run count by themselves and need no edits.
 */
export function renderTurn(turn: Turn, options: RenderOptions): TurnView {
  const agent = options.agentLabel(turn.agent);
  const answer = renderAnswer(turn, options.maxMessages ?? MAX_MESSAGES);
  const whole = answer.truncated ? answerText(turn) : "";
  const attachments = attachmentsOf(turn, answer.truncated ? whole : undefined, options);
  const hasOutput = answer.contents.length > 0;
  const contents = withLines(answer.contents, [
    ...(answer.truncated ? [truncationLine(turn, whole)] : []),
    ...attachments.omitted,
    ...statusLines(turn, agent, hasOutput),
  ]);
  const long = isLong(turn, options);
  const said = withBlocks(contents, [...questionText(turn), outcomeText(turn, hasOutput)]);
  const ended = isOver(turn) && !long ? withLines(said, [`-# ${summary(turn, agent)}`]) : said;
  const messages = toMessages(ended, attachments.batches, buttonsOf(turn, options));
  return long ? { messages, closing: closingOf(turn, agent, options) } : { messages };
}

/** Files are sent once, when nothing more can come. */
function attachmentsOf(turn: Turn, whole: string | undefined, options: RenderOptions): Attachments {
  if (turn.state === "working") return NO_ATTACHMENTS;
  const answer = whole === undefined ? undefined : answerFile(whole);
  return toAttachments(answer, turn.files, options.maxFileBytes ?? MAX_FILE_BYTES);
}

function isLong(turn: Turn, options: RenderOptions): boolean {
  const active = isOver(turn) ? activeMs(turn) : undefined;
  return active !== undefined && active > (options.longTurnMs ?? LONG_TURN_MS);
}

function closingOf(turn: Turn, agent: string, options: RenderOptions): NonNullable<TurnView["closing"]> {
  const { id } = turn.prompt.actor;
  const line = `-# ${STATE_TEXTS[turn.state]} · ${summary(turn, agent)}`;
  if (!options.notify || !/^\d{1,20}$/.test(id)) return { content: line };
  return { content: `<@${id}>\n${line}`, pingUserId: id };
}

/** Lines directly under the last message. */
function withLines(contents: readonly string[], lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? contents : appended(contents, lines.join("\n"), "\n");
}

/** Paragraphs under the last message, each in a new message where it no longer fits. */
function withBlocks(contents: readonly string[], blocks: readonly string[]): readonly string[] {
  return blocks
    .filter((block) => block !== "")
    .reduce((all, block) => appended(all, block, "\n\n"), contents);
}

function appended(contents: readonly string[], text: string, gap: string): readonly string[] {
  const last = contents.at(-1);
  if (last === undefined) return [text];
  const joined = last + gap + text;
  return codePointLength(joined) <= MAX_CONTENT ? contents.with(-1, joined) : [...contents, text];
}

/** The first files go with the last message; further ones need messages of their own. */
function toMessages(
  contents: readonly string[],
  batches: readonly (readonly FileView[])[],
  buttons: readonly ButtonView[],
): readonly MessageView[] {
  const shown = contents.length === 0 ? [""] : contents;
  const [first = [], ...more] = batches;
  return [
    ...shown.slice(0, -1).map((content) => ({ content, files: [], buttons: [] })),
    { content: shown.at(-1) ?? "", files: first, buttons },
    ...more.map((files) => ({ content: "-# more files", files, buttons: [] })),
  ];
}

function buttonsOf(turn: Turn, options: RenderOptions): readonly ButtonView[] {
  if (turn.state === "completed") return options.feedback ? thumbs(turn.id) : [];
  if (isOver(turn)) {
    return [{ label: "Try again", customId: `retry:${turn.id}`, style: "secondary", emoji: "🔁" }];
  }
  if (turn.state === "waiting" || turn.stopping || options.stopButton === false) return [];
  return [{ label: "Stop", customId: `stop:${turn.id}`, style: "secondary", emoji: "⏹️" }];
}

function thumbs(turnId: string): readonly ButtonView[] {
  return [
    { label: "", customId: `vote:${turnId}:up`, style: "secondary", emoji: "👍" },
    { label: "", customId: `vote:${turnId}:down`, style: "secondary", emoji: "👎" },
  ];
}
