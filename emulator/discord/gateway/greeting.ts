import { applicationFlags } from "../wire/application.ts";
import { guildCreateJson } from "../wire/guild.ts";
import { ownUserJson } from "../wire/user.ts";
import type { World } from "../world/world.ts";
import { intents } from "./protocol.ts";
import type { Session } from "./session.ts";

/** READY and the guilds. */
export function greet(world: World, session: Session, url: string): void {
  const own = [...world.guilds.values()].filter(
    (guild) => guild.members.has(world.bot.id) && session.hears(guild.id),
  );
  const ready = {
    v: 10,
    user: ownUserJson(world.bot),
    guilds: own.map((guild) => ({ id: guild.id, unavailable: true })),
    session_id: session.id,
    resume_gateway_url: url,
    shard: [...session.shard],
    application: { id: world.applicationId, flags: applicationFlags(world) },
    private_channels: [],
    geo_ordered_rtc_regions: [],
    _trace: [],
  };
  session.dispatch("READY", ready, true);
  if ((session.intents & intents.guilds) === 0) return;
  for (const guild of own.filter((one) => one.available))
    session.dispatch("GUILD_CREATE", guildCreateJson(guild, world), true);
}
