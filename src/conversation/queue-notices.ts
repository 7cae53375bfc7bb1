import type { Replies, Waiting } from "./ports.ts";
import type { Prompt } from "./prompt.ts";

/** The messages that say that prompts wait: one per prompt, whatever happens while it is being posted. */
export interface QueueNotices {
  /** Says why a prompt waits; of several states only the newest is painted. */
  show(prompt: Prompt, waiting: Waiting): void;
  /** Says it again after the prompt changed; false where nothing was said by this process. */
  refresh(prompt: Prompt): boolean;
  /** Resolves with the notice's id, once nothing more happens to it: soon, since what was not sent yet is dropped. */
  end(prompt: Prompt): Promise<string | undefined>;
}

interface Notice {
  prompt: Prompt;
  waiting: Waiting;
  dirty: boolean;
  ended: boolean;
  /** A request is on its way. */
  sent: boolean;
  shownId: string | undefined;
  painting: Promise<void> | undefined;
}

/** Notices by `queued`; `onShown` hears of the id of each new one. Neither may reject. */
export function createQueueNotices(
  queued: Replies["queued"],
  onShown: (promptId: string, shownId: string) => Promise<void>,
): QueueNotices {
  const notices = new Map<string, Notice>();

  async function paint(notice: Notice): Promise<void> {
    while (notice.dirty && !notice.ended) {
      notice.dirty = false;
      const { prompt, waiting, shownId: before } = notice;
      const { shownId: _, ...asked } = prompt;
      const shown = before === undefined ? asked : { ...asked, shownId: before };
      const after = await queued(shown, waiting, () => isWanted(notice));
      notice.sent = false;
      if (notice.ended && after === undefined) return;
      notice.shownId = after;
      if (after !== undefined && after !== before) await onShown(prompt.id, after);
    }
    notice.painting = undefined;
  }

  function isWanted(notice: Notice): boolean {
    notice.sent = !notice.ended;
    return notice.sent;
  }

  function show(prompt: Prompt, waiting: Waiting): void {
    const notice = notices.get(prompt.id) ?? newNotice(prompt, waiting);
    notices.set(prompt.id, Object.assign(notice, { prompt, waiting, dirty: true }));
    notice.painting ??= paint(notice);
  }

  return {
    show,
    refresh(prompt) {
      const notice = notices.get(prompt.id);
      if (notice) show(prompt, notice.waiting);
      return notice !== undefined;
    },
    async end(prompt) {
      const notice = notices.get(prompt.id);
      if (!notice) return prompt.shownId;
      notice.ended = true;
      if (notice.sent) await notice.painting;
      notices.delete(prompt.id);
      return notice.shownId;
    },
  };
}

function newNotice(prompt: Prompt, waiting: Waiting): Notice {
  const { shownId } = prompt;
  return { prompt, waiting, shownId, dirty: true, ended: false, sent: false, painting: undefined };
}
