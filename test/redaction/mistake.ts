import { DiscordAPIError } from "discord.js";
import { secrets, texts } from "./markers.ts";

/** Loaded before the bot: a mistake that nobody catches, on request, with all that such an error can carry. */
function mistake(): Error {
  const token = `aW50ZXJhY3Rpb246${"x".repeat(60)}`;
  const url = `https://discord.com/api/v10/webhooks/1234567890/${token}/messages/@original`;
  const body = {
    code: 50035,
    message: `Value "${texts.prompt.value}" with ${secrets.agentToken.value} is bad`,
  };
  const cause = new DiscordAPIError(body, 50035, 400, "PATCH", url, {
    body: { content: texts.prompt.value },
    files: [],
  });
  return new Error(`Bearer ${secrets.agentToken.value} for ${url}`, { cause });
}

process.on("SIGUSR2", () => {
  throw mistake();
});
process.on("SIGWINCH", () => void Promise.reject(mistake()));
