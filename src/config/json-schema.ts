import { z } from "zod";
import { fileSchema } from "./schema.ts";
import { WORDS } from "./words.ts";

/** The JSON Schema (draft 7) of the configuration file, for editors and the documents. */
export function jsonSchema(): Record<string, unknown> {
  const schema = z.toJSONSchema(fileSchema, {
    io: "input",
    target: "draft-7",
    override({ jsonSchema: part }) {
      // Ids may stand without quotes; an editor's parser rounds such a number, so its digits cannot be checked there.
      if (part.pattern !== WORDS.snowflake.pattern.source) return;
      delete part.type;
      delete part.pattern;
      part.anyOf = [{ type: "string", pattern: WORDS.snowflake.pattern.source }, { type: "integer" }];
    },
  });
  return { ...schema, title: "Configuration of kagent-discord" };
}
