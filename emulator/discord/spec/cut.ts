/**
 * Cuts Discord's OpenAPI document down to the operations that the emulator answers:
 *   npx tsx emulator/discord/spec/cut.ts <openapi.json> <commit of discord/discord-api-spec>
 * The document is `specs/openapi.json` of https://github.com/discord/discord-api-spec (MIT, see LICENSE here).
 */
import { readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { isList, isObject, type Json, type JsonObject, objectAt, parseJson, textAt } from "../json.ts";

const operations = new Set([
  "get_my_application",
  "list_application_commands",
  "bulk_set_application_commands",
  "create_application_command",
  "get_application_command",
  "update_application_command",
  "delete_application_command",
  "list_guild_application_commands",
  "bulk_set_guild_application_commands",
  "create_guild_application_command",
  "get_guild_application_command",
  "update_guild_application_command",
  "delete_guild_application_command",
  "get_channel",
  "update_channel",
  "delete_channel",
  "list_messages",
  "create_message",
  "get_message",
  "update_message",
  "delete_message",
  "add_my_message_reaction",
  "delete_my_message_reaction",
  "create_thread_from_message",
  "create_thread",
  "join_thread",
  "leave_thread",
  "add_thread_member",
  "list_thread_members",
  "list_public_archived_threads",
  "trigger_typing_indicator",
  "get_gateway",
  "get_bot_gateway",
  "get_guild",
  "list_guild_channels",
  "list_guild_roles",
  "get_guild_member",
  "get_active_guild_threads",
  "create_interaction_response",
  "get_my_user",
  "get_user",
  "list_my_guilds",
  "leave_guild",
  "create_dm",
  "execute_webhook",
  "get_original_webhook_message",
  "update_original_webhook_message",
  "delete_original_webhook_message",
  "get_webhook_message",
  "update_webhook_message",
  "delete_webhook_message",
]);

const JSON_TYPE = "application/json";

/** Keeps the JSON request body, the successful JSON answers and the parameters. */
function cutOperation(operation: JsonObject): JsonObject {
  const content = (holder: JsonObject | undefined) => {
    const json = objectAt(objectAt(holder ?? {}, "content") ?? {}, JSON_TYPE);
    return json ? { content: { [JSON_TYPE]: json } } : {};
  };
  const requestBody = objectAt(operation, "requestBody");
  const responses = Object.entries(objectAt(operation, "responses") ?? {})
    .filter(([status]) => status.startsWith("2"))
    .map(([status, response]) => [status, isObject(response) ? content(response) : {}]);
  return {
    operationId: operation.operationId,
    ...(operation.parameters === undefined ? {} : { parameters: operation.parameters }),
    ...(requestBody ? { requestBody: { ...content(requestBody), required: requestBody.required } } : {}),
    responses: Object.fromEntries(responses),
  };
}

function cutPaths(paths: JsonObject): JsonObject {
  const kept = Object.entries(paths).flatMap(([path, item]) => {
    if (!isObject(item)) return [];
    const methods = Object.entries(item).flatMap(([method, operation]) => {
      const wanted = isObject(operation) && operations.has(textAt(operation, "operationId") ?? "");
      return wanted ? [[method, cutOperation(operation)] as const] : [];
    });
    if (methods.length === 0) return [];
    const shared = item.parameters === undefined ? {} : { parameters: item.parameters };
    return [[path, { ...shared, ...Object.fromEntries(methods) }] as const];
  });
  return Object.fromEntries(kept);
}

/** Names of all schemas that `value` needs, directly or through others. */
function schemasOf(value: Json | undefined, schemas: JsonObject, found = new Set<string>()): Set<string> {
  if (isList(value)) for (const entry of value) schemasOf(entry, schemas, found);
  if (!isObject(value)) return found;
  const name = textAt(value, "$ref")?.replace("#/components/schemas/", "");
  if (name !== undefined && !found.has(name)) {
    found.add(name);
    schemasOf(schemas[name], schemas, found);
  }
  for (const member of Object.values(value)) schemasOf(member, schemas, found);
  return found;
}

function cut(document: JsonObject, commit: string): JsonObject {
  const paths = cutPaths(objectAt(document, "paths") ?? {});
  const schemas = objectAt(objectAt(document, "components") ?? {}, "schemas") ?? {};
  const names = schemasOf(paths, schemas);
  const kept = Object.entries(schemas).filter(([name]) => names.has(name));
  return {
    openapi: document.openapi,
    info: document.info,
    "x-source": `https://github.com/discord/discord-api-spec specs/openapi.json at ${commit}, cut by cut.ts`,
    paths,
    components: { schemas: Object.fromEntries(kept) },
  };
}

const [, , source, commit] = process.argv;
if (source === undefined || commit === undefined) {
  console.error("usage: tsx emulator/discord/spec/cut.ts <openapi.json> <commit>");
  process.exit(2);
}
const whole = parseJson(readFileSync(source, "utf8"));
if (!isObject(whole)) throw new Error(`${source} is not an OpenAPI document`);
writeFileSync(fileURLToPath(new URL("openapi.json", import.meta.url)), `${JSON.stringify(cut(whole, commit))}\n`);
