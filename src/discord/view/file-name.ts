import { codePointLength, indexAfter, stripUnsafe } from "./safe-text.ts";

const MAX_CODE_POINTS = 100;

/** A file name for an attachment: no path, no hidden or reordering characters, at most 100 code points, never empty. */
export function safeFileName(name: string): string {
  const last = stripUnsafe(name).split(/[/\\]/).at(-1) ?? "";
  const plain = last.replaceAll(/[<>:"|?*`\s\u200b]+/g, "_").replace(/^[._]+/, "");
  return limited(plain) || "file";
}

function limited(name: string): string {
  if (codePointLength(name) <= MAX_CODE_POINTS) return name;
  const extension = /\.[A-Za-z0-9]{1,10}$/.exec(name)?.[0] ?? "";
  return name.slice(0, indexAfter(name, 0, MAX_CODE_POINTS - extension.length)) + extension;
}
