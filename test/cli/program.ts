import { inject } from "vitest";

/** What Node.js is started with to run the program: as it was built for this run, or else from its sources, behind these modules. */
export function program(imports: readonly string[] = []): readonly string[] {
  const built = inject("program");
  if (built !== undefined && imports.length === 0) return [built];
  return [...["tsx", ...imports].flatMap((name) => ["--import", name]), "src/main.ts"];
}
