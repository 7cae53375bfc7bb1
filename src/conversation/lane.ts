import type { Prompt } from "./prompt.ts";

/** A prompt whose turn has come and that is not taken yet. */
export interface Head {
  prompt: Prompt;
  /** Aborted when the prompt is removed. */
  readonly abort: AbortController;
}

/** What runs and waits in one place. */
export interface Lane {
  running: Promise<void> | undefined;
  /** What runs, or is about to. */
  current: Prompt | undefined;
  head: Head | undefined;
  waiting: Prompt[];
}

/** A prompt that waits, and what can still be done with it. */
export interface Found {
  readonly prompt: Prompt;
  replace(next: Prompt): void;
  takeOut(): void;
}

/** The first waiting prompt of a lane that matches; `onMoved` is called when others move up because it was taken out. */
export function findIn(
  lane: Lane,
  matches: (prompt: Prompt) => boolean,
  onMoved: () => void,
): Found | undefined {
  const { head, waiting } = lane;
  if (head && matches(head.prompt)) return headOf(lane, head);
  const index = waiting.findIndex(matches);
  const prompt = waiting[index];
  return prompt && { prompt, ...placeOf(lane, index, onMoved) };
}

function headOf(lane: Lane, head: Head): Found {
  return {
    prompt: head.prompt,
    replace(next) {
      head.prompt = next;
    },
    takeOut() {
      lane.head = undefined;
      head.abort.abort();
    },
  };
}

function placeOf(lane: Lane, index: number, onMoved: () => void): Omit<Found, "prompt"> {
  return {
    replace(next) {
      lane.waiting[index] = next;
    },
    takeOut() {
      lane.waiting.splice(index, 1);
      onMoved();
    },
  };
}
