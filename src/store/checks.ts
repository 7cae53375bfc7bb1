import { findings } from "../conversation/finding.ts";
import type { Check } from "../conversation/ports.ts";
import type { OpenStore } from "./open.ts";
import { readStoreUrl } from "./url.ts";

/** Writes, reads and deletes a row. `open` gives the store and rejects with a sentence when there is none. */
export function storeCheck(url: string, open: () => Promise<Pick<OpenStore, "check">>): Check {
  const check = findings("store");
  return {
    name: "store",
    async run() {
      try {
        const store = await open();
        await store.check();
      } catch (error) {
        const sentence = error instanceof Error ? error.message : "The store cannot be used.";
        return [
          check.problem(sentence, "Until then nothing is asked: the bot keeps what it does in its store."),
        ];
      }
      if (readStoreUrl(url)?.driver === "memory") {
        const sentence =
          "The store is the memory: a restart forgets conversations, waiting questions and approvals.";
        return [check.warning(sentence, "Set STORE_URL=sqlite:///path on a disk that survives restarts.")];
      }
      return [check.ok("The store can be written and read.")];
    },
  };
}
