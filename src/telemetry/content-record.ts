import type { Attributes } from "@opentelemetry/api";
import type { AgentEvent, ToolCall } from "../conversation/agent.ts";
import { ATTRIBUTES } from "./trace-names.ts";

/** What was said in a run, for those who switched that on. */
export interface ContentRecord {
  event(event: AgentEvent): void;
  attributes(): Attributes;
}

/** Code units of one attribute: collectors refuse much longer ones. */
const MOST = 32_000;

/**
 * Prompt and answer in the form of the GenAI conventions, without secrets.
 *
 * @see https://opentelemetry.io/docs/specs/semconv/gen-ai/gen-ai-spans/#capturing-instructions-inputs-and-outputs
 */
export function createContentRecord(
  prompt: string | undefined,
  scrub: (text: string) => string,
): ContentRecord {
  const texts = new Map<string, string>();
  const calls = new Map<string, ToolCall>();

  function say(segment: string, text: string, append: boolean): void {
    texts.set(segment, append ? (texts.get(segment) ?? "") + text : text);
  }

  return {
    event(event) {
      if (event.kind === "text") say(event.segment, event.text, event.append);
      if (event.kind === "tool-call") calls.set(event.call.id, event.call);
      if (event.kind !== "snapshot") return;
      texts.clear();
      for (const item of event.output) {
        if (item.kind === "text") say(item.segment, item.text, false);
        else calls.set(item.call.id, item.call);
      }
    },
    attributes() {
      const said = [...texts.values()].map((content) => ({ type: "text", content }));
      const called = [...calls.values()].map(({ id, name, args }) => ({
        type: "tool_call",
        id,
        name,
        arguments: args,
      }));
      const written = (messages: unknown) => scrub(JSON.stringify(messages)).slice(0, MOST);
      const input = [{ role: "user", parts: [{ type: "text", content: prompt }] }];
      return {
        ...(prompt === undefined || prompt === "" ? {} : { [ATTRIBUTES.inputMessages]: written(input) }),
        [ATTRIBUTES.outputMessages]: written([{ role: "assistant", parts: [...said, ...called] }]),
      };
    },
  };
}
