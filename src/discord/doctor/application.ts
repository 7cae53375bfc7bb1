import { findings } from "../../conversation/finding.ts";
import type { Finding } from "../../conversation/ports.ts";
import { DiscordTrouble } from "./api.ts";
import type { ApplicationFacts } from "./shapes.ts";

/** Application flags: https://docs.discord.com/developers/resources/application#application-object-application-flags */
const MESSAGE_CONTENT = (1 << 18) | (1 << 19);
const MEMBERS_OR_PRESENCE = (1 << 12) | (1 << 13) | (1 << 14) | (1 << 15);

const INTENTS_PAGE = "the developer portal, page Bot, Privileged Gateway Intents";

/** What is said when Discord did not tell who the bot is. */
export function withoutApplication(error: unknown): Finding {
  const token = findings("Discord token");
  const status = error instanceof DiscordTrouble ? error.status : 0;
  if (status === 401) {
    return token.problem(
      "Discord refuses the bot token.",
      "Reset it on the page Bot of your application and set DISCORD_BOT_TOKEN to the new one.",
    );
  }
  return findings("Discord").problem(
    status === 0
      ? "Discord cannot be reached, so its intents, servers, permissions and commands were not looked at."
      : `Discord answers with HTTP ${status}, so its intents, servers, permissions and commands were not looked at.`,
    "Check the network, DNS and the firewall (443 to discord.com and gateway.discord.gg), HTTPS_PROXY, and DISCORD_API_URL if it is set.",
  );
}

/** Token and privileged intents. */
export function lookAtApplication({ flags }: ApplicationFacts, mentionOnly: boolean): readonly Finding[] {
  const intents = findings("Discord intents");
  const granted = (flags & MESSAGE_CONTENT) !== 0;
  const unused = (flags & MEMBERS_OR_PRESENCE) !== 0;
  return [
    findings("Discord token").ok("Discord accepts the bot token."),
    granted || mentionOnly
      ? intents.ok(
          mentionOnly
            ? "Message Content is not asked for: only mentions are prompts."
            : "Message Content is granted.",
        )
      : intents.warning(
          "Message Content is off, so only mentions are prompts.",
          `Switch it on in ${INTENTS_PAGE}, or set DISCORD_MENTION_ONLY=true.`,
        ),
    ...(unused
      ? [
          intents.warning(
            "Server Members or Presence is granted, which this bot never uses.",
            `Switch both off in ${INTENTS_PAGE}.`,
          ),
        ]
      : []),
  ];
}

/** Whether strangers can invite the bot, and whether anybody can. */
export function lookAtInstallation(
  { bot_public, bot_require_code_grant }: ApplicationFacts,
  namesGuilds: boolean,
): readonly Finding[] {
  const check = findings("Discord installation");
  const reach = bot_public
    ? namesGuilds
      ? check.ok("Anybody can invite the bot; it serves only the servers of DISCORD_GUILD_IDS.")
      : check.warning(
          "Anybody can invite the bot, and whoever does makes it refuse everybody until DISCORD_GUILD_IDS is set.",
          "Set DISCORD_GUILD_IDS, and switch Public Bot off in the developer portal, page Bot.",
        )
    : check.ok("Only the application's owner can invite the bot.");
  if (!bot_require_code_grant) return [reach];
  return [
    reach,
    check.problem(
      "The application requires an OAuth2 code grant, so the invitation link does not work.",
      "Switch Requires OAuth2 Code Grant off in the developer portal, page Bot.",
    ),
  ];
}

/** Discord tells how long an interaction may be answered by its own clock; so do ids of messages. */
const TOLERATED_MS = 5_000;

/** Whether our clock is right. `aheadMs`: how far Discord's is ahead. */
export function lookAtClock(aheadMs: number | undefined): readonly Finding[] {
  if (aheadMs === undefined) return [];
  const check = findings("clock");
  const seconds = Math.round(Math.abs(aheadMs) / 1000);
  const sentence = `This machine's clock is ${seconds} s ${aheadMs > 0 ? "behind" : "ahead of"} Discord's.`;
  const advice =
    "Synchronise it (NTP): times of approvals, of waiting questions and in the audit trail follow it.";
  if (Math.abs(aheadMs) <= TOLERATED_MS) return [check.ok("This machine's clock agrees with Discord's.")];
  return [Math.abs(aheadMs) > 60_000 ? check.problem(sentence, advice) : check.warning(sentence, advice)];
}
