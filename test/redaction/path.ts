import { secrets, texts } from "./markers.ts";
import type { Stage } from "./stage.ts";

/**
 * One way in which something goes wrong. `provoke` brings it about and waits until it can be seen that it happened, so that a
 * row whose provocation no longer works fails. A line of `logs` is waited for in the log.
 */
export interface Path {
  readonly path: string;
  readonly logs?: string | RegExp;
  provoke(stage: Stage): Promise<unknown>;
}

/** What a server says that repeats the headers of a request; and addresses that are secrets by themselves. */
export const credentials = [
  `{"authorization":"Bearer ${secrets.agentToken.value}","x-api-key":"${secrets.header.value}",`,
  `"x-other-key":"${secrets.literalHeader.value}"}`,
  ` https://discord.com/api/webhooks/123456789012345678/${secrets.webhook.value}`,
  ` https://hooks.slack.com/services/T0/B0/${secrets.webhook.value}`,
].join("");

/** The same with the prompt. */
export const echo = `${credentials} ${JSON.stringify(texts.prompt.value)}`;

/** The same, such that the place where long texts are cut is in the middle of a secret. */
export function echoFrom(offset: number): string {
  return `${"-".repeat(offset)}${secrets.header.value}${texts.prompt.value}${echo}`;
}
