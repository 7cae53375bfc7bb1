import type { AgentEvent } from "../../conversation/agent.ts";

/** Neutral events on their way out. Neighbouring pieces of one text are joined, so that a burst is one event. */
export class EventQueue {
  #events: AgentEvent[] = [];
  #thinking = false;

  readonly push = (event: AgentEvent): void => {
    // Reasoning streams token by token, too, and one sign of it says everything.
    if (event.kind === "thinking" && this.#thinking) return;
    this.#thinking = event.kind === "thinking";
    const before = this.#events.at(-1);
    if (
      event.kind === "text" &&
      event.append &&
      before?.kind === "text" &&
      before.segment === event.segment
    ) {
      this.#events[this.#events.length - 1] = { ...before, text: before.text + event.text };
    } else {
      this.#events.push(event);
    }
  };

  /** All events since the last call. */
  take(): readonly AgentEvent[] {
    const events = this.#events;
    if (events.length > 0) this.#events = [];
    return events;
  }
}
