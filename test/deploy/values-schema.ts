import { isMap, isScalar, parse, parseDocument, visit } from "yaml";
import { jsonSchema } from "../../src/config/json-schema.ts";
import { VARIABLES } from "../../src/config/variables.ts";
import { read } from "../pages.ts";
import { VALUES } from "./chart.ts";

type Schema = Readonly<Record<string, unknown>>;

/** Variables that the chart sets itself. */
const MANAGED = ["CONFIG_FILE", "HTTP_PORT", "LOG_LEVEL", "STORE_URL", "AUDIT_DIR"];
/** Variables of libraries that this program loads. */
const OTHERS = ["OTEL_[A-Z0-9_]+", "HTTPS?_PROXY", "NO_PROXY", "NODE_EXTRA_CA_CERTS", "NODE_USE_SYSTEM_CA"];

const string = { type: "string" };
const flag = { type: "boolean" };
const port = { type: "integer", minimum: 1, maximum: 65_535 };
const seconds = { type: "integer", minimum: 1 };
/** A part of a Kubernetes object: the cluster knows its fields. */
const part = { type: "object" };
const parts = { type: "array", items: part };
const texts = { type: "object", additionalProperties: string };
const object = (properties: Schema, required: readonly string[] = []): Schema => ({
  type: "object",
  properties,
  additionalProperties: false,
  ...(required.length > 0 ? { required } : {}),
});
const oneOf = (...values: readonly string[]) => ({ enum: values });
const matching = (pattern: string) => ({ type: "string", pattern });
const cidrs = { type: "array", items: matching("^[0-9a-fA-F.:]+/[0-9]{1,3}$"), uniqueItems: true };
const objectName = matching("^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?)?$");
const label = matching("^([a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?)?$");
const peer = object({ enabled: flag, port, namespaceSelector: part });

/** Kubernetes reads a grace period shorter than this as a kill in the middle of the last edits. */
const LONGEST_STOP_S = 25;

function plainVariables(): Schema {
  const others = new RegExp(`^(${OTHERS.join("|")})$`);
  const names = VARIABLES.flatMap((variable) => ("secret" in variable ? [] : [variable.name])).filter(
    (name) => !MANAGED.includes(name) && !others.test(name),
  );
  const patterns = names.map((name) => name.replace("<CLUSTER>", "[A-Z0-9_]+"));
  return {
    type: "object",
    // Headers of a collector are credentials: they belong into the Secret.
    propertyNames: {
      pattern: `^(${[...patterns, ...OTHERS].join("|")})$`,
      not: { pattern: "_HEADERS$" },
    },
    additionalProperties: string,
  };
}

/**
 * The bot's own schema as Helm can use it. Helm's regular expressions know no lookaround, so such patterns are left to the
 * bot; Helm reads long numbers with lost digits, so an id must be a string.
 */
export function configForHelm(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(configForHelm);
  if (typeof node !== "object" || node === null) return node;
  const { $schema, pattern, anyOf, ...rest } = Object(node);
  const texts = Array.isArray(anyOf) ? anyOf.filter((one) => Object(one).type !== "integer") : [];
  const kept = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, configForHelm(value)]));
  if (typeof pattern === "string" && !/\(\?[=!<]/.test(pattern)) kept.pattern = pattern;
  if (typeof pattern === "object") kept.pattern = configForHelm(pattern);
  if (Array.isArray(anyOf) && texts.length === 1) Object.assign(kept, configForHelm(texts[0]));
  else if (Array.isArray(anyOf)) kept.anyOf = configForHelm(anyOf);
  return kept;
}

function properties(): Readonly<Record<string, Schema>> {
  return {
    nameOverride: label,
    fullnameOverride: label,
    image: object({
      registry: matching("^[a-z0-9.:-]+$"),
      repository: matching("^[a-z0-9._/-]+$"),
      tag: matching("^([A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?$"),
      digest: matching("^(sha256:[a-f0-9]{64})?$"),
      pullPolicy: oneOf("Always", "IfNotPresent", "Never"),
    }),
    imagePullSecrets: { type: "array", items: object({ name: string }, ["name"]) },
    config: Object(configForHelm(jsonSchema())),
    restartOnConfigChange: flag,
    logLevel: oneOf("debug", "info", "warn", "error", "silent"),
    env: plainVariables(),
    extraEnv: { type: "array", items: object({ name: string, value: string, valueFrom: part }, ["name"]) },
    secret: object({
      existingSecret: objectName,
      keys: {
        type: "object",
        propertyNames: matching("^[A-Z][A-Z0-9_]*$"),
        additionalProperties: matching("^[-._a-zA-Z0-9]+$"),
        required: ["DISCORD_BOT_TOKEN"],
      },
      create: flag,
      data: texts,
    }),
    externalSecret: object({
      enabled: flag,
      refreshInterval: matching("^([0-9]+(s|m|h))+$"),
      secretStoreRef: object({ kind: oneOf("ClusterSecretStore", "SecretStore"), name: objectName }),
      remoteKey: { type: "string", minLength: 1 },
    }),
    persistence: object({
      enabled: flag,
      existingClaim: objectName,
      storageClassName: objectName,
      // One pod writes: ReadWriteMany is a network file system, where SQLite's locks do not hold.
      accessModes: {
        type: "array",
        items: oneOf("ReadWriteOncePod", "ReadWriteOnce"),
        minItems: 1,
        maxItems: 1,
      },
      size: matching("^[0-9]+(\\.[0-9]+)?(Mi|Gi|Ti|M|G|T)$"),
      retain: flag,
      annotations: texts,
    }),
    http: object({ port: { ...port, minimum: 1024 } }),
    serviceAccount: object({ create: flag, name: objectName, annotations: texts }),
    podAnnotations: texts,
    podLabels: texts,
    podSecurityContext: part,
    securityContext: part,
    resources: object({ requests: part, limits: part, claims: parts }),
    startupProbe: part,
    livenessProbe: part,
    readinessProbe: part,
    terminationGracePeriodSeconds: { ...seconds, minimum: LONGEST_STOP_S },
    nodeSelector: texts,
    tolerations: parts,
    affinity: part,
    priorityClassName: objectName,
    runtimeClassName: objectName,
    dnsConfig: part,
    extraVolumes: parts,
    extraVolumeMounts: parts,
    networkPolicy: object({
      enabled: flag,
      dns: object({ namespaceSelector: part, podSelector: part }),
      kagent: object({ namespaceSelector: part, podSelector: part, port }),
      discord: object({ enabled: flag, except: cidrs, exceptIPv6: cidrs }),
      monitoring: object({ namespaceSelector: part }),
      otlp: peer,
      redis: peer,
      postgres: peer,
      extraEgress: parts,
      extraIngress: parts,
    }),
    podDisruptionBudget: object({
      enabled: flag,
      maxUnavailable: { type: "integer", minimum: 1 },
      unhealthyPodEvictionPolicy: oneOf("AlwaysAllow", "IfHealthyBudget"),
    }),
    podMonitor: object({ enabled: flag, interval: matching("^[0-9]+(ms|s|m)$"), labels: texts }),
    prometheusRule: object({ enabled: flag, labels: texts }),
    dashboards: object({ enabled: flag, labels: texts, annotations: texts }),
    extraObjects: parts,
    global: part,
  };
}

/** A value of the chart: its path, its default, and what `# --` above it says. */
export interface DocumentedValue {
  readonly path: string;
  readonly fallback: unknown;
  readonly what: string;
}

/** Every documented value of values.yaml, in its order. */
export function documentedValues(): readonly DocumentedValue[] {
  const found: DocumentedValue[] = [];
  const document = parseDocument(read(VALUES));
  visit(document, {
    Pair(_, pair, ancestors) {
      const keys = [...ancestors, pair].flatMap((node) =>
        "key" in node && isScalar(node.key) ? [String(node.key.value)] : [],
      );
      const first = ancestors.findLast(isMap)?.items[0] === pair ? ancestors.findLast(isMap) : undefined;
      const comment = (isScalar(pair.key) ? pair.key.commentBefore : undefined) ?? first?.commentBefore ?? "";
      const [, what] = /(?:^|\n) -- ([\s\S]*)$/.exec(comment) ?? [];
      if (what === undefined) return;
      const path = keys.join(".");
      found.push({ path, fallback: document.toJS() && at(path), what: what.replaceAll(/\n ?/g, " ") });
    },
  });
  return found;
}

function at(path: string): unknown {
  return path.split(".").reduce<unknown>((node, key) => Object(node)[key], parse(read(VALUES)));
}

/** The chart's values.schema.json. */
export function valuesSchema(): string {
  // Through text, because parts are shared above, and each place has a description of its own.
  const root: unknown = JSON.parse(JSON.stringify(object(properties())));
  for (const { path, what } of documentedValues()) {
    const found = path.split(".").reduce<unknown>((node, key) => Object(Object(node).properties)[key], root);
    if (found !== undefined) Object.assign(Object(found), { description: what });
  }
  const schema = { $schema: "http://json-schema.org/draft-07/schema#", ...Object(root) };
  return `${JSON.stringify(schema, null, 2)}\n`;
}
