import { readAuditHead } from "../../src/audit/head.ts";
import { openAudit } from "../../src/audit/trail.ts";
import { openStore } from "../../src/store/open.ts";
import { createContext } from "../store/context.ts";
import { KEY, PLAIN, record } from "./sample.ts";

/** A process of its own on a shared trail: writes until it is killed, and prints each turn after it was acknowledged. */
const [url = "", dir = "", name = ""] = process.argv.slice(2);
const context = await createContext();
const store = await openStore(url, context);
const heads = store.collection("audit", readAuditHead);
const trail = await openAudit(
  { ...PLAIN, dir, key: KEY, maxFileBytes: 20_000 },
  { ...context, heads, print: () => {} },
);

for (let burst = 0; ; burst += 1) {
  const turns = Array.from({ length: 1 + (burst % 4) }, (_, index) => `${name}-${burst}-${index}`);
  await Promise.all(turns.map((turn) => trail.write(record(turn)).then(() => console.log(turn))));
}
