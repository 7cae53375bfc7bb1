import { findings, listed } from "../../conversation/finding.ts";
import type { Finding } from "../../conversation/ports.ts";
import type { GuildFacts } from "./shapes.ts";

/** A role that the configuration names. `decides`: in approvals, otherwise in access; `pinged`: by reminders. */
export interface ConfiguredRole {
  readonly id: string;
  readonly decides: boolean;
  readonly pinged: boolean;
}

const check = findings("Discord roles");

/** Whether the configured roles are in the served guilds, and whether reminders reach those who decide. */
export function lookAtRoles(
  configured: readonly ConfiguredRole[],
  guilds: readonly GuildFacts[],
): readonly Finding[] {
  if (configured.length === 0 || guilds.length === 0) return [];
  const roles = guilds.flatMap((guild) => guild.roles);
  const unknown = configured.filter(({ id }) => !roles.some((role) => role.id === id));
  const known = configured.flatMap(({ id, ...use }) => {
    const role = roles.find((one) => one.id === id);
    return role ? [{ ...use, role }] : [];
  });
  const quiet = known.filter(({ decides, role }) => decides && !role.mentionable);
  const unheard = quiet.filter(({ pinged }) => pinged);
  const names = (list: typeof quiet) => listed(list.map(({ role }) => role.name));
  return [
    ...unknown.map(({ id, decides }) =>
      check.problem(
        `No server that is served has the role ${id}, ${decides ? "which decides about approvals" : "which an access rule names"}.`,
        `Correct it in ${decides ? "approvals.rules or APPROVER_ROLES" : "access.rules"}.`,
      ),
    ),
    ...(unheard.length > 0
      ? [
          check.warning(
            `Reminders ping nobody: ${names(unheard)} cannot be mentioned by everybody.`,
            "Allow anyone to mention this role, in the server's settings of the role.",
          ),
        ]
      : []),
    ...(unknown.length === 0 && unheard.length === 0
      ? [check.ok(foundSentence(known.length, names(quiet)))]
      : []),
  ];
}

function foundSentence(found: number, quiet: string): string {
  const there = `${found === 1 ? "The configured role is" : `All ${found} configured roles are`} there`;
  return quiet === ""
    ? `${there}.`
    : `${there}. Not mentionable by everybody: ${quiet}; no reminder needs it.`;
}
