import type { Inline } from "./inline.ts";

/**
 * One line of the answer as Discord gets it. Code lines come only between `open` and `close`, which always pair and
 * always have something visible between them.
 */
export type Line =
  | { readonly kind: "text"; readonly prefix: string; readonly inline: Inline; readonly heading: boolean }
  | { readonly kind: "blank" }
  | { readonly kind: "open"; readonly language: string }
  | { readonly kind: "code"; readonly text: string }
  | { readonly kind: "close" };

/** What Discord reads for this line. */
export function lineText(line: Line): string {
  switch (line.kind) {
    case "text":
      return line.prefix + line.inline.text;
    case "blank":
      return "";
    case "open":
      return `\`\`\`${line.language}`;
    case "code":
      return line.text;
    case "close":
      return "```";
  }
}
