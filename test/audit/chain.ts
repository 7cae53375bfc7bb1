import { readFile } from "node:fs/promises";
import { filesOf } from "../../src/audit/files.ts";
import type { AuditHead } from "../../src/audit/head.ts";

/** A record as it is in a file. */
export type Line = Readonly<Record<string, unknown>>;

/** Every record in the files of a trail; unfinished lines are none, unless only their line break is missing. */
export async function linesIn(dir: string): Promise<readonly Line[]> {
  const texts = await Promise.all((await filesOf(dir)).map((path) => readFile(path, "utf8")));
  const lines = texts.flatMap((text) => text.split("\n"));
  return lines.filter((line) => line.endsWith("}")).flatMap(parsed);
}

function parsed(line: string): readonly Line[] {
  try {
    return [JSON.parse(line)];
  } catch {
    return [];
  }
}

/** The records that the head stands for, found by nothing but their hashes: the head's, the one before it, and so on. */
export async function chainIn(dir: string, head: AuditHead | undefined): Promise<readonly Line[]> {
  const byHash = new Map((await linesIn(dir)).map((line) => [line.hash, line]));
  const chain: Line[] = [];
  for (let line = byHash.get(head?.hash); line; line = byHash.get(line.prev)) chain.unshift(line);
  return chain;
}
