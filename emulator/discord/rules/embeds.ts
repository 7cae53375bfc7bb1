import { invalidForm } from "../errors.ts";
import { type JsonObject, objectAt, objectsAt, textAt } from "../json.ts";
import { codePoints } from "./text.ts";

const TOTAL = 6000;

/**
 * Embeds as Discord keeps them. Throws 50035 when all texts together are longer than 6000 code points.
 * Source: https://docs.discord.com/developers/resources/message#embed-object-embed-limits
 */
export function checkEmbeds(embeds: readonly JsonObject[]): JsonObject[] {
  const total = embeds.reduce((sum, embed) => sum + embedLength(embed), 0);
  if (total > TOTAL) {
    throw invalidForm("embeds", "MAX_EMBED_SIZE_EXCEEDED", `Embed size exceeds maximum size of ${TOTAL}`);
  }
  return embeds.map((embed) => ({ ...embed, type: "rich" }));
}

function embedLength(embed: JsonObject): number {
  const footer = objectAt(embed, "footer") ?? {};
  const author = objectAt(embed, "author") ?? {};
  const texts = [
    textAt(embed, "title"),
    textAt(embed, "description"),
    textAt(footer, "text"),
    textAt(author, "name"),
    ...objectsAt(embed, "fields").flatMap((field) => [textAt(field, "name"), textAt(field, "value")]),
  ];
  return texts.reduce((sum, text) => sum + codePoints((text ?? "").trim()), 0);
}
