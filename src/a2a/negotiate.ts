import { failureOf, isVersionRefusal } from "./call-error.ts";
import { type Codec, codecFor, type Protocol } from "./wire/codec.ts";

/** Which dialect one address speaks, found out once and corrected when a call is refused for it. */
export interface Negotiator {
  /**
   * Runs a call in the dialect of the address. A refusal of the dialect proves that nothing was processed, so the
   * call is made again in the other one, and that one is kept when it works.
   */
  run<T>(call: (codec: Codec) => Promise<T>): Promise<T>;
}

/** `probe` finds a dialect out and rejects when it cannot. */
export function createNegotiator(configured: "auto" | Protocol, probe: () => Promise<Protocol>): Negotiator {
  if (configured !== "auto") return { run: (call) => call(codecFor(configured)) };
  let known: Promise<Protocol> | undefined;

  const protocol = async (): Promise<Protocol> => {
    known ??= probe();
    try {
      return await known;
    } catch {
      // The call itself will tell what is wrong; the next one probes again.
      known = undefined;
      return "0.3";
    }
  };

  return {
    async run(call) {
      const first = await protocol();
      try {
        return await call(codecFor(first));
      } catch (error) {
        if (!isVersionRefusal(failureOf(error))) throw error;
        const other = first === "0.3" ? "1.0" : "0.3";
        const result = await call(codecFor(other)).catch((second: unknown) => {
          throw isVersionRefusal(failureOf(second)) ? error : second;
        });
        known = Promise.resolve(other);
        return result;
      }
    },
  };
}
