import type { ConfigInput } from "./input.ts";
import { clusterVariable } from "./variables.ts";
import { WORDS } from "./words.ts";

/** Headers that the protocol itself sets; a second value would break requests or fake who asks. */
const OURS = new Set(
  "accept a2a-version connection content-length content-type host traceparent transfer-encoding x-user-id".split(
    " ",
  ),
);

/**
 * The static headers of a cluster, names in lower case. Later ones replace earlier ones: the file's for all, the
 * environment's for all, the file's for this cluster, the environment's for this cluster.
 */
export function clusterHeaders(input: ConfigInput, name: string): Readonly<Record<string, string>> {
  const { env, file } = input;
  const index = (file.config.clusters ?? []).findIndex((cluster) => cluster.name === name);
  return {
    ...fileHeaders(input, ["kagent", "headers"], file.config.kagent?.headers),
    ...bearer(env.secret("KAGENT_TOKEN", "token")),
    ...accessPair(input),
    ...fileHeaders(input, ["clusters", index, "headers"], file.config.clusters?.[index]?.headers),
    ...bearer(env.secret(clusterVariable(name, "TOKEN"), "token")),
  };
}

function bearer(token: string | undefined): Record<string, string> {
  return token === undefined ? {} : { authorization: `Bearer ${token}` };
}

/** https://developers.cloudflare.com/cloudflare-one/access-controls/service-credentials/service-tokens/ */
function accessPair({ env }: ConfigInput): Record<string, string> {
  const id = env.secret("CF_ACCESS_CLIENT_ID", "token");
  const secret = env.secret("CF_ACCESS_CLIENT_SECRET", "token");
  if (id !== undefined && secret !== undefined) {
    return { "cf-access-client-id": id, "cf-access-client-secret": secret };
  }
  for (const [name, other] of [
    ["CF_ACCESS_CLIENT_ID", "CF_ACCESS_CLIENT_SECRET"],
    ["CF_ACCESS_CLIENT_SECRET", "CF_ACCESS_CLIENT_ID"],
  ] as const) {
    if (!env.isSet(name) && env.isSet(other)) env.problem(name, `${other} is set, so this must be too.`);
  }
  return {};
}

function fileHeaders(
  input: ConfigInput,
  path: readonly PropertyKey[],
  headers: Readonly<Record<string, string>> = {},
): Record<string, string> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, template]) => {
      if (OURS.has(name.toLowerCase())) {
        input.fileProblem([...path, name], "This header is set by the protocol and cannot be given.");
        return [];
      }
      const value = expanded(input, [...path, name], template);
      return value === undefined ? [] : [[name.toLowerCase(), value]];
    }),
  );
}

/** The value with each `${NAME}` replaced by that variable. */
function expanded(input: ConfigInput, path: readonly PropertyKey[], template: string): string | undefined {
  const missing: string[] = [];
  const value = template.replace(/\$\{(\w+)\}/g, (_whole, name: string) => {
    const secret = input.env.secret(name, "headerValue");
    const isSet = [name, `${name}_FILE`].some((one) => input.env.names().includes(one));
    if (!isSet) missing.push(name);
    return secret ?? "";
  });
  for (const name of missing) {
    input.fileProblem(path, `The environment variable ${name} (or ${name}_FILE) is not set.`);
  }
  return missing.length === 0 && WORDS.headerValue.pattern.test(value) ? value : undefined;
}
