import type { JsonObject } from "./json.ts";

/**
 * Refusals as Discord words them: [HTTP status, JSON code, message].
 * Source: https://docs.discord.com/developers/topics/opcodes-and-status-codes#json
 */
const refusals = {
  notFound: [404, 0, "404: Not Found"],
  methodNotAllowed: [405, 0, "405: Method Not Allowed"],
  unauthorized: [401, 0, "401: Unauthorized"],
  unknownApplication: [404, 10002, "Unknown Application"],
  unknownChannel: [404, 10003, "Unknown Channel"],
  unknownGuild: [404, 10004, "Unknown Guild"],
  unknownMember: [404, 10007, "Unknown Member"],
  unknownMessage: [404, 10008, "Unknown Message"],
  unknownRole: [404, 10011, "Unknown Role"],
  unknownUser: [404, 10013, "Unknown User"],
  unknownEmoji: [400, 10014, "Unknown Emoji"],
  unknownWebhook: [404, 10015, "Unknown Webhook"],
  unknownInteraction: [404, 10062, "Unknown interaction"],
  unknownCommand: [404, 10063, "Unknown application command"],
  tooManyCommands: [400, 30032, "Maximum number of application commands reached"],
  tooManyCommandCreates: [
    400,
    30034,
    "Max number of daily application command creates has been reached (200)",
  ],
  tooManyOldEdits: [
    400,
    30046,
    "Maximum number of edits to messages older than 1 hour reached. Try again later.",
  ],
  requestTooLarge: [413, 40005, "Request entity too large"],
  internalNetwork: [403, 40333, "internal network error"],
  alreadyAcknowledged: [400, 40060, "Interaction has already been acknowledged."],
  tagRequired: [400, 40067, "A tag is required to create a forum post in this channel"],
  missingAccess: [403, 50001, "Missing Access"],
  notInDm: [403, 50003, "Cannot execute action on a DM channel"],
  otherAuthor: [403, 50005, "Cannot edit a message authored by another user"],
  emptyMessage: [400, 50006, "Cannot send an empty message"],
  cannotDm: [403, 50007, "Cannot send messages to this user"],
  notTextChannel: [400, 50008, "Cannot send messages in a non-text channel"],
  missingPermissions: [403, 50013, "Missing Permissions"],
  systemMessage: [403, 50021, "Cannot execute action on a system message"],
  wrongChannelType: [400, 50024, "Cannot execute action on this channel type"],
  invalidWebhookToken: [401, 50027, "Invalid Webhook Token"],
  invalidForm: [400, 50035, "Invalid Form Body"],
  invalidVersion: [400, 50041, "Invalid API version"],
  fileTooLarge: [413, 50045, "File uploaded exceeds the maximum size"],
  archivedThread: [400, 50083, "Thread is archived"],
  malformedJson: [400, 50109, "The request body contains invalid JSON."],
  noHistory: [403, 160002, "Cannot reply without permission to read message history"],
  threadExists: [400, 160004, "A thread has already been created for this message"],
  lockedThread: [400, 160005, "Thread is locked"],
  tooManyThreads: [400, 160006, "Maximum number of active threads reached"],
  followupLimit: [400, 40094, "Maximum number of follow-up messages reached"],
} as const satisfies Record<string, readonly [number, number, string]>;

export type Refusal = keyof typeof refusals;

/** An answer other than success, as the HTTP body will say it. */
export class ApiError extends Error {
  readonly status: number;
  readonly code: number;
  readonly errors: JsonObject | undefined;

  constructor(status: number, code: number, message: string, errors?: JsonObject) {
    super(message);
    this.status = status;
    this.code = code;
    this.errors = errors;
  }
}

export function refuse(name: Refusal): ApiError {
  const [status, code, message] = refusals[name];
  return new ApiError(status, code, message);
}

/** 50035 with the place of the mistake, such as `embeds.0.title`. */
export function invalidForm(path: string, code: string, message: string): ApiError {
  const leaf: JsonObject = { _errors: [{ code, message }] };
  const errors = path
    .split(".")
    .filter((key) => key !== "")
    .reduceRight<JsonObject>((inner, key) => ({ [key]: inner }), leaf);
  return new ApiError(400, 50035, `Invalid Form Body\n${path}[${code}]: ${message}`, errors);
}
