import type { CommandContext, OptionSpec, Question } from "../src/discord/command.ts";

/** The options of every command that asks; `cluster` only where there is a choice. */
export function questionOptions(clusters: number): Readonly<Record<string, OptionSpec>> {
  const cluster: OptionSpec = { type: "text", description: "On which cluster", complete: "cluster" };
  return {
    prompt: {
      type: "text",
      description: "What you want to know or have done",
      required: true,
      maxLength: 6000,
    },
    file: { type: "file", description: "A text file or image that goes along" },
    ...(clusters > 1 ? { cluster } : {}),
  };
}

/** The question that a person put into those options. */
export function readQuestion(context: CommandContext, agent: string | undefined): Question {
  const cluster = context.text("cluster");
  const file = context.file("file");
  return {
    text: context.text("prompt") ?? "",
    files: file ? [file] : [],
    ...(agent === undefined ? {} : { agent }),
    ...(cluster === undefined ? {} : { cluster }),
  };
}
