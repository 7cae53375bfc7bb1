import type { ButtonInteraction, ModalSubmitInteraction } from "discord.js";
import { clickChoice, openQuestion, openWriting, submitWriting } from "./answer-clicks.ts";
import type { Asking } from "./asking.ts";
import type { Click } from "./click-reply.ts";
import { type Action, readCustomId } from "./custom-id.ts";
import { clickInstead } from "./instead.ts";
import { privately } from "./private-reply.ts";
import { directRefusal } from "./refusal.ts";
import type { Surroundings } from "./surroundings.ts";
import { clickAgain, clickVerdict, openReason, openStep } from "./verdict-clicks.ts";

/**
 * Buttons, selects and forms about what waits for people; undefined: it is about something else. In a server the click itself
 * tells who may decide; in direct messages Discord is asked whether the person is still in a server that is served.
 */
export function decidingClick(around: Surroundings, asking: Asking, click: Click): Promise<void> | undefined {
  const action = readCustomId(click.customId);
  if (!action) return undefined;
  if (click.isModalSubmit()) return formWork(around, click, action);
  if (action.act === "pick") return clickChoice(around, click, action);
  return click.isStringSelectMenu() ? undefined : buttonWork(around, asking, click, action);
}

/** For clicks that are not acknowledged before they are looked at. */
async function looked(around: Surroundings, click: Click, work: () => Promise<void>): Promise<void> {
  const refusal = await directRefusal(around, click);
  await (refusal === undefined ? work() : privately(around, click, refusal));
}

function formWork(
  around: Surroundings,
  click: ModalSubmitInteraction,
  action: Action,
): Promise<void> | undefined {
  if (action.act === "why") return clickVerdict(around, click, action);
  if (action.act === "write") return submitWriting(around, click, action);
  return undefined;
}

function buttonWork(
  around: Surroundings,
  asking: Asking,
  click: ButtonInteraction,
  action: Action,
): Promise<void> | undefined {
  switch (action.act) {
    case "ok":
    case "no":
      return clickVerdict(around, click, action);
    case "why":
      return looked(around, click, () => openReason(around, click, action));
    case "each":
      return openStep(around, click, action.requestId, action.item);
    case "ask":
      return openQuestion(around, click, action);
    case "write":
      return looked(around, click, () => openWriting(around, click, action));
    case "again":
      return clickAgain(around, click, action.requestId);
    case "instead":
      return looked(around, click, () => clickInstead(around, asking, click, action.pendingId, action.yes));
    default:
      return undefined;
  }
}
