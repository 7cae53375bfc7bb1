import { clickChoice, openQuestion, openWriting, submitWriting } from "./answer-clicks.ts";
import type { Asking } from "./asking.ts";
import type { Click } from "./click-reply.ts";
import { readCustomId } from "./custom-id.ts";
import { clickInstead } from "./instead.ts";
import type { Surroundings } from "./surroundings.ts";
import { clickAgain, clickVerdict, openReason, openStep } from "./verdict-clicks.ts";

/**
 * Buttons, selects and forms about what waits for people; undefined: it is about something else. Which channel it was in does
 * not matter: who may decide follows from the person and the request alone.
 */
export function decidingClick(around: Surroundings, asking: Asking, click: Click): Promise<void> | undefined {
  const action = readCustomId(click.customId);
  if (!action) return undefined;
  if (click.isModalSubmit()) {
    if (action.act === "why") return clickVerdict(around, click, action);
    if (action.act === "write") return submitWriting(around, click, action);
    return undefined;
  }
  if (action.act === "pick") return clickChoice(around, click, action);
  if (click.isStringSelectMenu()) return undefined;
  if (action.act === "ok" || action.act === "no") return clickVerdict(around, click, action);
  if (action.act === "why") return openReason(around, click, action);
  if (action.act === "each") return openStep(around, click, action.requestId, action.item);
  if (action.act === "ask") return openQuestion(around, click, action);
  if (action.act === "write") return openWriting(around, click, action);
  if (action.act === "again") return clickAgain(around, click, action.requestId);
  if (action.act === "instead") return clickInstead(around, asking, click, action.pendingId, action.yes);
  return undefined;
}
