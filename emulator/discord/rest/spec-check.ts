import { Ajv2020, type ErrorObject, type ValidateFunction } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { ApiError } from "../errors.ts";
import { isObject, type Json, type JsonObject, listAt, objectAt, textAt } from "../json.ts";
import { readDescription, toRequestSchema, toResponseSchema } from "./spec-document.ts";

/** Checks requests and answers against Discord's OpenAPI description. */
export interface SpecCheck {
  /** Throws 50035 when path, query or body do not fit the operation. */
  request(method: string, path: string, given: Given): void;
  /** What is wrong with an answer, or undefined. */
  response(method: string, path: string, status: number, body: Json | undefined): string | undefined;
  /** Compiles all request checks now, so that no request has to wait for it; the second time it costs nothing. */
  prepare(): void;
}

interface Given {
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  /** Undefined when the request has no body. */
  readonly body: Json | undefined;
}

const JSON_TYPE = "application/json";

function createSpecCheck(): SpecCheck {
  const document = readDescription();
  const requests = createAjv(toRequestSchema(document));
  const responses = once(() => createAjv(toResponseSchema(document)));
  const parameters = createParameterCheck(requests);
  const paths = objectAt(document, "paths") ?? {};
  const operation = (method: string, path: string) => at(paths, [path, method.toLowerCase()]);

  return {
    request(method, path, given) {
      const found = operation(method, path);
      if (!found) throw new Error(`${method} ${path} is not in the description`);
      for (const parameter of parametersOf(objectAt(paths, path))) parameters(parameter, given);
      for (const parameter of parametersOf(found)) parameters(parameter, given);
      if (!takesJson(found)) return;
      const check = requestCheck(requests, method, path);
      if (!check(given.body ?? {})) throw toApiError(check.errors ?? []);
    },
    response(method, path, status, body) {
      const steps = ["responses", String(status)];
      const found = at(operation(method, path), steps);
      if (!found) return `answer ${status} is not described`;
      if (!objectAt(found, "content")) return undefined;
      const check = compile(responses(), [
        path,
        method.toLowerCase(),
        ...steps,
        "content",
        JSON_TYPE,
        "schema",
      ]);
      return check(body) ? undefined : describe(check.errors ?? []);
    },
    prepare() {
      for (const path of Object.keys(paths)) {
        for (const [method, found] of Object.entries(objectAt(paths, path) ?? {})) {
          if (isObject(found) && takesJson(found)) requestCheck(requests, method, path);
        }
      }
    },
  };
}

function at(object: JsonObject | undefined, steps: readonly string[]): JsonObject | undefined {
  return steps.reduce<JsonObject | undefined>((found, step) => found && objectAt(found, step), object);
}

function takesJson(operation: JsonObject): boolean {
  return at(operation, ["requestBody", "content", JSON_TYPE]) !== undefined;
}

function requestCheck(ajv: Ajv2020, method: string, path: string): ValidateFunction {
  return compile(ajv, [path, method.toLowerCase(), "requestBody", "content", JSON_TYPE, "schema"]);
}

/**
 * The check of this process. The description is a constant and compiling it takes a quarter of a second, too long to
 * repeat for every emulator that a test starts.
 */
export const sharedSpecCheck = once(createSpecCheck);

function once<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined;
  return () => {
    made ??= { value: make() };
    return made.value;
  };
}

function createAjv(schema: JsonObject): Ajv2020 {
  const ajv = new Ajv2020({ strict: false, allErrors: true, logger: false, validateFormats: true });
  formats.default(ajv);
  ajv.addFormat("snowflake", /^\d{1,20}$/);
  ajv.addFormat("nonce", true);
  ajv.addSchema(schema, "discord");
  return ajv;
}

function compile(ajv: Ajv2020, steps: readonly string[]): ValidateFunction {
  const pointer = ["paths", ...steps].map((step) => encodeURIComponent(step.replaceAll("/", "~1"))).join("/");
  const check = ajv.getSchema(`discord#/${pointer}`);
  if (!check) throw new Error(`the description has nothing at ${pointer}`);
  return check;
}

function parametersOf(holder: JsonObject | undefined): JsonObject[] {
  return (listAt(holder ?? {}, "parameters") ?? []).filter(isObject);
}

function createParameterCheck(ajv: Ajv2020): (parameter: JsonObject, given: Given) => void {
  const checks = new Map<JsonObject, ValidateFunction>();
  return (parameter, given) => {
    const name = textAt(parameter, "name") ?? "";
    const text = parameter.in === "path" ? given.params[name] : (given.query.get(name) ?? undefined);
    const schema = objectAt(parameter, "schema");
    if (text === undefined || !schema) return;
    const check = checks.get(schema) ?? ajv.compile(absoluteRefs(schema));
    checks.set(schema, check);
    if (!check(toParameter(text, schema))) throw toApiError(check.errors ?? [], name);
  };
}

/** Path and query values are text; the schema says what it stands for. */
function toParameter(text: string, schema: JsonObject): Json {
  if (schema.type === "integer") return Number(text);
  if (schema.type === "boolean") return text === "true" || text === "false" ? text === "true" : text;
  return text;
}

function absoluteRefs(schema: JsonObject): JsonObject {
  const ref = textAt(schema, "$ref");
  return ref === undefined ? schema : { $ref: `discord${ref}` };
}

function toApiError(errors: readonly ErrorObject[], at = ""): ApiError {
  const tree: { [key: string]: Json } = {};
  const told = errors.filter((error) => error.keyword !== "if").slice(0, 10);
  const lines = told.map((error) => {
    const path = [at, ...pathOf(error)].filter((step) => step !== "");
    const message = messageOf(error);
    tree[path.join(".") || "_body"] = { _errors: [{ code: error.keyword.toUpperCase(), message }] };
    return `${path.join(".")}[${error.keyword.toUpperCase()}]: ${message}`;
  });
  return new ApiError(400, 50035, `Invalid Form Body\n${lines.join("\n")}`, tree);
}

function pathOf(error: ErrorObject): string[] {
  return error.instancePath.split("/").slice(1);
}

function messageOf(error: ErrorObject): string {
  if (error.keyword === "additionalProperties")
    return `unknown field "${String(error.params.additionalProperty)}"`;
  return error.message ?? "is not valid";
}

function describe(errors: readonly ErrorObject[]): string {
  return errors
    .slice(0, 5)
    .map((error) => `${error.instancePath} ${messageOf(error)}`)
    .join("; ");
}
