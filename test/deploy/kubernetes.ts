import { Ajv, type ValidateFunction } from "ajv";
import { read } from "../pages.ts";
import { idOf, type Manifest } from "./chart.ts";

const readJson = (name: string): unknown => JSON.parse(read(`test/deploy/schemas/${name}.json`));

const CUSTOM: Readonly<Record<string, readonly string[]>> = {
  "monitoring.coreos.com/v1/PodMonitor": ["podmonitor"],
  "monitoring.coreos.com/v1/PrometheusRule": ["prometheusrule"],
  "external-secrets.io/v1/ExternalSecret": ["externalsecret"],
  // The oldest and the newest kagent that the bot supports.
  "kagent.dev/v1alpha2/Agent": ["agent-0.8", "agent-0.10"],
  "kagent.dev/v1alpha2/RemoteMCPServer": ["remotemcpserver-0.8", "remotemcpserver-0.10"],
  "argoproj.io/v1alpha1/Application": ["application"],
  "helm.toolkit.fluxcd.io/v2/HelmRelease": ["helmrelease"],
  "source.toolkit.fluxcd.io/v1/OCIRepository": ["ocirepository"],
};

function createAjv(): Ajv {
  // Kubernetes' own formats (int32, int-or-string) say nothing that the types do not.
  return new Ajv({ strict: false, validateFormats: false, allErrors: true });
}

/** Says what is wrong with objects, by the schemas of their kinds; a kind without a schema is wrong. */
export function createObjectCheck(): (manifest: Manifest) => readonly string[] {
  const compiled = new Map<string, readonly ValidateFunction[]>();
  const { definitions, kinds } = Object(readJson("kubernetes"));
  const validatorsOf = (kind: string): readonly ValidateFunction[] => {
    if (kind in kinds) return [createAjv().compile({ definitions, ...kinds[kind] })];
    return (CUSTOM[kind] ?? []).map((name) => createAjv().compile(Object(readJson(name))));
  };
  return (manifest) => {
    const kind = `${manifest.apiVersion}/${manifest.kind}`;
    const validators = compiled.get(kind) ?? validatorsOf(kind);
    compiled.set(kind, validators);
    if (validators.length === 0) return [`${idOf(manifest)}: there is no schema for ${kind}`];
    return validators.flatMap((validate) =>
      validate(manifest)
        ? []
        : (validate.errors ?? []).map((error) => {
            const extra = error.params.additionalProperty ?? "";
            return `${idOf(manifest)}${error.instancePath}: ${error.message} ${extra}`.trim();
          }),
    );
  };
}
