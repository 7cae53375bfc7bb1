import { z } from "zod";
import { WORDS } from "./words.ts";

/** Text of a form. */
export const word = (kind: keyof typeof WORDS) => {
  const { pattern, sentence } = WORDS[kind];
  const error = ({ input }: { readonly input?: unknown }) =>
    input === undefined ? `This is missing. ${sentence}` : sentence;
  return z.string({ error }).regex(pattern, { error: sentence });
};
/** A list of Discord ids. */
export const snowflakes = (description: string) =>
  z.array(word("snowflake")).optional().describe(description);
/** A switch and its default. */
export const flag = (fallback: boolean, description: string) =>
  z.boolean().optional().meta({ default: fallback, description });
/** A whole number in bounds. */
export const count = (least: number, most: number, fallback: number, description: string) =>
  z.int().min(least).max(most).optional().meta({ default: fallback, description });
/** One of a few words. */
export const choice = <const T extends readonly [string, ...string[]]>(
  values: T,
  fallback: T[number],
  what: string,
) => z.enum(values).optional().meta({ default: fallback, description: what });
