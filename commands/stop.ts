import { defineCommand } from "../src/discord/command.ts";

const SENTENCES = {
  "nothing-runs": "Nothing is running here.",
  stopped: "Stopped.",
  "still-running":
    "This agent cannot be stopped: its run goes on, and I hide the rest. The next question here waits until it is over; `/new` does not wait.",
  rejected: "What the agent asked for was rejected.",
  "not-allowed": "Only people who may ask this agent can stop it.",
  "not-concerned":
    "A request waits here. Only people who asked here, those who may decide it, and server managers can stop this.",
} as const;

/** `/stop`: ends what runs in this place. */
export default defineCommand({
  name: "stop",
  description: "Stop what is running here",
  options: {},
  reply: "private",
  async run(context) {
    await context.answer(SENTENCES[await context.stop()]);
  },
});
