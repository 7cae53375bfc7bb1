import { wantedCommands } from "../app/wanted-commands.ts";
import type { Config } from "../config/config.ts";
import type { Log } from "../conversation/ports.ts";
import { commandsApi, createRest, readApplication } from "../discord/gateway/client.ts";
import { registerCommands } from "../discord/gateway/register.ts";

/** `kagent-discord register`: makes Discord's commands equal to the configuration's; one line for each scope. */
export async function register(config: Config, log: Log): Promise<string> {
  const rest = createRest(config.discord);
  const application = await readApplication(rest);
  const commands = wantedCommands(config);
  const { guildIds } = config.access;
  const changed = await registerCommands(
    commandsApi(rest),
    { applicationId: application.id, guildIds, commands },
    log,
  );
  const where = guildIds.length === 0 ? "globally" : `in ${guildIds.length} server(s)`;
  return changed.length === 0
    ? `${commands.length} commands are registered ${where} already; nothing changed.`
    : `${commands.length} commands registered ${where}.`;
}
