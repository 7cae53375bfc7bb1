/** Everything that takes no room, reorders its neighbours, or is a blank that is no space. */
const HIDDEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}\u2800]|(?! )\p{Zs}/gu;

/**
 * The text with every invisible, reordering or blank character as its JSON escape (`\u202e`): what people decide about must
 * look like what it is. Inside a JSON text the result means the same.
 */
export function visibleText(text: string): string {
  return text.replace(HIDDEN, (found) =>
    Array.from({ length: found.length }, (_, index) => escapeOf(found.charCodeAt(index))).join(""),
  );
}

/** Prose as `visibleText`, but for what languages and emoji need: joiners, and the selector of an emoji's look. */
export function visibleProse(text: string): string {
  return text
    .replaceAll(/\p{Zs}/gu, " ")
    .replace(HIDDEN, (found) => (/\u200c|\u200d|\ufe0f/.test(found) ? found : visibleText(found)));
}

/** A text as a JSON string in which nothing hides. */
export function quotedText(text: string): string {
  return visibleText(JSON.stringify(text));
}

function escapeOf(unit: number): string {
  return unit === 9 ? "\\t" : `\\u${unit.toString(16).padStart(4, "0")}`;
}
