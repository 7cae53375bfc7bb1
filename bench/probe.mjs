// Loaded into the bot's process by the benchmark (`node --import`), so that the bot itself needs no code for it.
import { monitorEventLoopDelay } from "node:perf_hooks";

const RESOLUTION_MS = 10;
const delay = monitorEventLoopDelay({ resolution: RESOLUTION_MS });
delay.enable();

process.on("message", (question) => {
  if (question === "reset") delay.reset();
  // The histogram holds the time between two looks, which is the resolution where nothing delays them.
  else process.send?.({ p99Ms: Math.max(0, delay.percentile(99) / 1e6 - RESOLUTION_MS) });
});
process.channel?.unref();
