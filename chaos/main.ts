import { writeFileSync } from "node:fs";
import { parseArgs } from "node:util";
import { renderResult } from "./report.ts";
import { runChaos } from "./run.ts";

const USAGE = `npm run chaos -- [options]
  --kills 200            how often the bot is killed
  --conversations 50     how many people talk to agents that pause
  --seed 1               of the moments of the kills, of the agents and of the people
  --quick                30 kills and 16 conversations: about a minute
  --log file             what the bot printed as errors
`;

const { values } = parseArgs({
  options: {
    kills: { type: "string" },
    conversations: { type: "string" },
    seed: { type: "string", default: "1" },
    quick: { type: "boolean", default: false },
    log: { type: "string" },
    help: { type: "boolean", default: false },
  },
});
if (values.help) {
  process.stdout.write(USAGE);
  process.exit(0);
}

const size = values.quick ? { kills: "30", conversations: "16" } : { kills: "200", conversations: "50" };
const result = await runChaos({
  kills: Number(values.kills ?? size.kills),
  conversations: Number(values.conversations ?? size.conversations),
  seed: Number(values.seed),
  lifeMs: 3_000,
});
process.stdout.write(`seed ${values.seed}\n${renderResult(result)}\n`);
if (values.log) writeFileSync(values.log, `${result.errors.join("\n")}\n`);
process.exit(result.violations.length === 0 ? 0 : 1);
