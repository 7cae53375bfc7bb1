import type { InviteConfig } from "../config/invite.ts";
import { BridgeError } from "../conversation/errors.ts";
import { createRest, readApplication } from "../discord/gateway/client.ts";
import { invitationLink, SCOPES } from "../discord/invitation.ts";
import { NEEDED_BITS, NEEDED_PERMISSIONS } from "../discord/permissions.ts";

/** What `invite` prints (it ends in a newline) and its exit code: 0, 1 the application is not known, 2 usage. */
export interface InviteResult {
  readonly text: string;
  readonly exitCode: 0 | 1 | 2;
}

/** As typed. Without an id Discord is asked whose token it is. */
export interface InviteArguments {
  readonly applicationId?: string;
  readonly json: boolean;
}

/** `invite`: the link that adds the bot to a server with exactly the permissions that it needs, and why each. */
export async function invite(typed: InviteArguments, config: InviteConfig): Promise<InviteResult> {
  if (typed.applicationId !== undefined && !/^\d{17,20}$/.test(typed.applicationId))
    return failed("--application-id is 17 to 20 digits: General Information in the developer portal.", 2);
  try {
    const id = typed.applicationId ?? (await askForId(config));
    return { text: typed.json ? asJson(id) : asText(id), exitCode: 0 };
  } catch (error) {
    if (!(error instanceof BridgeError)) throw error;
    return failed(`${error.message} Or give the id: --application-id <id>.`, 1);
  }
}

async function askForId({ token, apiUrl, problems }: InviteConfig): Promise<string> {
  const [problem] = problems;
  if (problem) throw new BridgeError("config-invalid", `${problem.path}: ${problem.sentence}`);
  if (token === undefined) throw new BridgeError("config-invalid", "Set DISCORD_BOT_TOKEN.");
  const rest = createRest({ token, ...(apiUrl === undefined ? {} : { apiUrl }) });
  return (await readApplication(rest)).id;
}

function asText(id: string): string {
  const width = Math.max(...NEEDED_PERMISSIONS.map(({ name }) => name.length));
  const lines = NEEDED_PERMISSIONS.map(({ name, why }) => `  ${name.padEnd(width)}  ${why}`);
  return [
    invitationLink(id),
    "",
    `It asks for ${NEEDED_PERMISSIONS.length} permissions (${NEEDED_BITS}) and no more:`,
    ...lines,
    "",
    "Open it as somebody with Manage Server there. Opened again it adds what is missing.",
    "",
  ].join("\n");
}

function asJson(applicationId: string): string {
  const permissions = NEEDED_PERMISSIONS.map(({ name, bit, why }) => ({ name, bit: String(bit), why }));
  const link = { url: invitationLink(applicationId), applicationId, scopes: SCOPES };
  return `${JSON.stringify({ ...link, permissions: String(NEEDED_BITS), needed: permissions }, null, 2)}\n`;
}

function failed(sentence: string, exitCode: 1 | 2): InviteResult {
  return { text: `${sentence}\n`, exitCode };
}
