import type { AgentFile, Outgoing } from "./agent.ts";
import type { Prompt } from "./prompt.ts";
import type { Turn } from "./turn.ts";

/** An attachment after its download: text goes into the prompt, anything else along as a file. */
export type Attachment =
  | { readonly kind: "text"; readonly name: string; readonly text: string }
  | { readonly kind: "file"; readonly file: AgentFile };

/** The message for the agent: what the person typed, then what goes along, clearly marked as not their words. */
export function toOutgoing(turn: Turn, prompt: Prompt, attachments: readonly Attachment[]): Outgoing {
  const texts = attachments.flatMap((one) => (one.kind === "text" ? [quotedFile(one.name, one.text)] : []));
  return {
    messageId: turn.messageId,
    contextId: turn.contextId,
    userId: turn.userId,
    traceparent: turn.traceparent,
    text: [prompt.text, prompt.material ?? "", ...texts].filter((piece) => piece !== "").join("\n\n"),
    files: attachments.flatMap((one) => (one.kind === "file" ? [one.file] : [])),
    metadata: { discord_user_id: prompt.actor.id, discord_user_name: prompt.actor.name },
  };
}

/** A fence longer than any run of backticks inside, so that the file's text cannot end its own quotation. */
function quotedFile(name: string, text: string): string {
  const runs = text.match(/`{3,}/g) ?? [];
  const fence = "`".repeat(Math.max(3, ...runs.map((run) => run.length + 1)));
  return `Attached file ${JSON.stringify(name)}:\n${fence}\n${text}\n${fence}`;
}
