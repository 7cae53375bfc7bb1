import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { isSound, meetsApprovalGoals, renderApprovals } from "./approval-table.ts";
import { runDeciding } from "./deciding.ts";
import type { ProfileName } from "./load.ts";
import { meetsObservingGoals, renderObserving, runObserving } from "./observing.ts";
import { runRecovery } from "./recovery.ts";
import { measureRendering } from "./rendering.ts";
import { type RunOptions, type RunResult, runLoad } from "./run.ts";
import { meetsGoals, renderCosts, renderTable } from "./table.ts";

const USAGE = `npm run bench -- [options]
  --conversations 1,10,50,200   how many at once
  --profile steady|burst        default: both
  --repeat 3                    runs of each; the one with the median processor time counts
  --seed 1
  --quick                       a few seconds, for continuous integration
  --strict                      exit 1 when any goal is missed, not only for wrong text and 429s
  --observing 9                 instead: what metrics and traces cost, in so many pairs of runs
  --json file                   the figures as JSON, too
`;

const { values } = parseArgs({
  options: {
    conversations: { type: "string" },
    profile: { type: "string" },
    repeat: { type: "string", default: "1" },
    seed: { type: "string", default: "1" },
    quick: { type: "boolean", default: false },
    strict: { type: "boolean", default: false },
    observing: { type: "string" },
    json: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const size = values.quick
  ? { chars: 400, startsOverMs: 2_000, conversations: "10", pauses: 5, turns: 20 }
  : { chars: 3_000, startsOverMs: 20_000, conversations: "1,10,50,200", pauses: 40, turns: 200 };
const profiles: readonly ProfileName[] =
  values.profile === "steady" ? ["steady"] : values.profile === "burst" ? ["burst"] : ["steady", "burst"];
const { chars, startsOverMs } = size;
const seed = Number(values.seed);
const counts = (values.conversations ?? size.conversations).split(",").map(Number);
if (values.observing !== undefined) await observe(Number(values.observing));
const results: RunResult[] = [];
for (const profile of profiles) {
  for (const conversations of counts) {
    process.stderr.write(`${conversations} ${profile} …\n`);
    results.push(await runOften({ profile, conversations, chars, startsOverMs, seed }));
  }
}
const rendering = measureRendering([1_000, 10_000, 100_000]);
const streaming = Math.max(...counts);
process.stderr.write(`approvals beside ${streaming} …\n`);
const deciding = await runDeciding({ ...size, streaming, seed });
process.stderr.write(`recovery of ${size.turns} …\n`);
const recovery = await runRecovery({ ...size, seed });
const approvals = { deciding, recovery };
process.stdout.write(
  `${renderTable(results)}\n\n${renderApprovals(approvals)}\n\n${renderCosts(rendering)}\n`,
);
const complaints = [...results, deciding, recovery].flatMap((one) => one.complaints);
for (const line of complaints.slice(0, 20)) process.stderr.write(`${line}\n`);
if (values.json)
  writeFileSync(values.json, `${JSON.stringify({ results, approvals, rendering }, undefined, 2)}\n`);
const sound =
  results.every(({ correct, conversations, tooMany }) => correct === conversations && tooMany === 0) &&
  isSound(approvals);
process.exit(sound && (!values.strict || (meetsGoals(results) && meetsApprovalGoals(approvals))) ? 0 : 1);

async function observe(rounds: number): Promise<never> {
  const load = { profile: "steady", conversations: Math.max(...counts), chars, startsOverMs, seed } as const;
  const result = await runObserving(load, rounds);
  process.stdout.write(`${renderObserving(result)}\n`);
  for (const line of result.complaints.slice(0, 20)) process.stderr.write(`${line}\n`);
  if (values.json) writeFileSync(values.json, `${JSON.stringify(result, undefined, 2)}\n`);
  process.exit(values.strict && !meetsObservingGoals(result) ? 1 : 0);
}

/** All runs must be sound; of several, the one in the middle stands for all. */
async function runOften(options: RunOptions): Promise<RunResult> {
  const runs: RunResult[] = [];
  for (let count = 0; count < Number(values.repeat); count++) runs.push(await runLoad(options));
  const sorted = runs.toSorted((one, other) => one.cpuSeconds - other.cpuSeconds);
  const middle = sorted[Math.floor(sorted.length / 2)];
  if (middle === undefined) throw new Error("--repeat must be at least 1");
  return {
    ...middle,
    correct: Math.min(...runs.map(({ correct }) => correct)),
    tooMany: Math.max(...runs.map(({ tooMany }) => tooMany)),
  };
}
