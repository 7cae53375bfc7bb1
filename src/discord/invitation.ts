import { NEEDED_BITS } from "./permissions.ts";

/** What an invitation asks for beside permissions: the bot itself, and its commands. */
export const SCOPES = ["bot", "applications.commands"] as const;

/** The link with which somebody who manages a server adds the bot to it, with exactly the permissions that it needs. */
export function invitationLink(applicationId: string): string {
  const query = `client_id=${applicationId}&scope=${SCOPES.join("+")}&permissions=${NEEDED_BITS}`;
  // 0: to a server, not to somebody's account.
  return `https://discord.com/oauth2/authorize?${query}&integration_type=0`;
}
