import type { Replies, Waiting } from "./ports.ts";
import type { Prompt } from "./prompt.ts";

/** The messages that say that prompts wait: one per prompt, whatever happens while it is being posted. */
export interface QueueNotices {
  /** Says why a prompt waits; of several states only the newest is painted. */
  show(prompt: Prompt, waiting: Waiting): void;
  /** Says it again after the prompt changed; nothing where nothing was said. */
  refresh(prompt: Prompt): void;
  /** Resolves with the notice's id, once nothing more happens to it. */
  end(prompt: Prompt): Promise<string | undefined>;
}

interface Notice {
  prompt: Prompt;
  waiting: Waiting;
  dirty: boolean;
  shownId: string | undefined;
  painting: Promise<void> | undefined;
}

/** Notices by `queued`; `onShown` hears of the id of each new one. Never rejects. */
export function createQueueNotices(
  queued: Replies["queued"],
  onShown: (promptId: string, shownId: string) => Promise<void>,
): QueueNotices {
  const notices = new Map<string, Notice>();

  async function paint(notice: Notice): Promise<void> {
    while (notice.dirty) {
      notice.dirty = false;
      const { prompt, waiting, shownId: before } = notice;
      const { shownId: _, ...asked } = prompt;
      notice.shownId = await queued(before === undefined ? asked : { ...asked, shownId: before }, waiting);
      if (notice.shownId !== undefined && notice.shownId !== before) await onShown(prompt.id, notice.shownId);
    }
    notice.painting = undefined;
  }

  function show(prompt: Prompt, waiting: Waiting): void {
    const known = notices.get(prompt.id);
    const notice = known ?? { prompt, waiting, dirty: true, shownId: prompt.shownId, painting: undefined };
    notices.set(prompt.id, Object.assign(notice, { prompt, waiting, dirty: true }));
    notice.painting ??= paint(notice);
  }

  return {
    show,
    refresh(prompt) {
      const notice = notices.get(prompt.id);
      if (notice) show(prompt, notice.waiting);
    },
    async end(prompt) {
      const notice = notices.get(prompt.id);
      if (!notice) return prompt.shownId;
      notice.dirty = false;
      await notice.painting;
      notices.delete(prompt.id);
      return notice.shownId;
    },
  };
}
