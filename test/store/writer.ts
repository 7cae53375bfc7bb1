import { openStore } from "../../src/store/open.ts";
import { createContext, readNumber } from "./context.ts";

/**
 * A process of its own on a shared store: `race` claims 100 keys and prints those it won, `write` writes rows until it
 * is killed and prints each key after its write was acknowledged.
 */
const [url = "", mode = ""] = process.argv.slice(2);
const store = await openStore(url, await createContext());
const numbers = store.collection("numbers", readNumber);

if (mode === "race") {
  for (let index = 0; index < 100; index += 1) {
    if (await numbers.claim(`key-${index}`, process.pid)) console.log(`key-${index}`);
  }
  await store.close();
}

for (let index = 0; mode === "write"; index += 1) {
  await numbers.set(`key-${index}`, index);
  console.log(`key-${index}`);
}
