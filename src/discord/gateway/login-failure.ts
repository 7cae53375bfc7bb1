import { BridgeError } from "../../conversation/errors.ts";

const TOKEN =
  "Discord refuses the bot token. Copy it again from the Bot page of your application into DISCORD_BOT_TOKEN.";
const INTENT =
  "Discord refuses the Message Content intent. Switch it on under Bot → Privileged Gateway Intents, or set DISCORD_MENTION_ONLY=true.";
const SHARDING =
  "The bot is in too many servers for one connection. Remove it from some: kagent-discord uses only one.";
const VERSION = "Discord no longer speaks this gateway version. Update kagent-discord.";
const INTENTS = "Discord does not know the intents asked for. Update kagent-discord.";

/** discord.js's words for why a login cannot succeed, and what to do. */
const LOGIN: readonly (readonly [RegExp, string])[] = [
  [/disallowed intents/i, INTENT],
  [/invalid intents/i, INTENTS],
  [/sharding is required/i, SHARDING],
  [/invalid shard/i, "Discord refuses the shard number. Update kagent-discord."],
  [/invalid api version/i, VERSION],
  [/token|authentication failed/i, TOKEN],
  [
    /sessions remaining/i,
    "Discord allows no more logins today (1000 a day). Stop restarting the bot and wait for the reset.",
  ],
];

/**
 * Close codes after which discord.js does not connect again:
 * https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes
 */
const FATAL: Readonly<Record<number, string>> = {
  4004: "Discord no longer accepts the bot token. Put the new one into DISCORD_BOT_TOKEN and start again.",
  4010: "Discord refuses the shard number. Update kagent-discord.",
  4011: SHARDING,
  4012: VERSION,
  4013: INTENTS,
  4014: "The Message Content intent was taken away. Switch it on again under Bot → Privileged Gateway Intents, or set DISCORD_MENTION_ONLY=true.",
};

/** A login that failed, with a sentence that says what to change. */
export function loginFailure(cause: unknown): BridgeError {
  const text = cause instanceof Error ? cause.message : "";
  const [, sentence] = LOGIN.find(([words]) => words.test(text)) ?? [];
  const other = "The login at Discord failed. Check the network, and DISCORD_API_URL if it is set.";
  return new BridgeError("discord-failed", sentence ?? other, { cause });
}

/** A connection that Discord closed for good. */
export function fatalClose(code: number): BridgeError {
  const other = `Discord closed the connection for good (code ${code}).`;
  return new BridgeError("discord-failed", FATAL[code] ?? other);
}
