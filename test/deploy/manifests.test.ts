import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { readConfig } from "../../src/config/read.ts";
import { VARIABLES } from "../../src/config/variables.ts";
import { filesBelow, read } from "../pages.ts";
import { type Manifest, manifestsOf, only, RENDERINGS, rendered } from "./chart.ts";
import { createObjectCheck } from "./kubernetes.ts";

const check = createObjectCheck();
const FOLDERS = ["deploy/agents", "deploy/argocd", "deploy/flux"];
const FILES = [
  ...RENDERINGS.map(({ path }) => path),
  ...FOLDERS.flatMap((folder) => filesBelow(folder, ".yaml")).filter(
    (path) => !path.endsWith("kustomization.yaml"),
  ),
];
/** Every rendering that has a pod. */
const PODS = RENDERINGS.map(({ path }) => path);

interface Container {
  readonly env: readonly { readonly name: string; readonly value?: string }[];
  readonly volumeMounts: readonly { readonly name: string; readonly mountPath: string }[];
}

function podOf(manifests: readonly Manifest[]) {
  const { template, strategy, replicas } = only(manifests, "Deployment").spec;
  const container: Container = template.spec.containers[0];
  return { pod: template.spec, container, raw: template.spec.containers[0], strategy, replicas };
}

const variableOf = ({ env }: Container, name: string) => env.find((one) => one.name === name)?.value;

describe("the manifests", () => {
  it.each(FILES)("%s holds only objects that Kubernetes accepts", (path) => {
    const manifests = manifestsOf(read(path));
    expect(manifests.length).toBeGreaterThan(0);
    expect(manifests.flatMap(check)).toEqual([]);
  });

  it("would be refused with a field or a kind that does not exist", () => {
    const [deployment] = rendered("helm", "default").filter(({ kind }) => kind === "Deployment");
    const broken = structuredClone(Object(deployment));
    broken.spec.template.spec.containers[0].readinesProbe = {};
    broken.spec.replicas = "one";
    expect(check(broken)).toEqual([
      "Deployment/kagent-discord/spec/replicas: must be integer,null",
      "Deployment/kagent-discord/spec/template/spec/containers/0: must NOT have additional properties readinesProbe",
    ]);
    expect(check({ ...broken, apiVersion: "apps/v1beta1" })).toEqual([
      "Deployment/kagent-discord: there is no schema for apps/v1beta1/Deployment",
    ]);
  });

  it.each(PODS)("%s keeps to Pod Security restricted, and more", (path) => {
    const { pod, raw } = podOf(manifestsOf(read(path)));
    expect(pod.securityContext).toMatchObject({
      runAsNonRoot: true,
      runAsUser: 65_532,
      seccompProfile: { type: "RuntimeDefault" },
    });
    expect(raw.securityContext).toEqual({
      allowPrivilegeEscalation: false,
      capabilities: { drop: ["ALL"] },
      readOnlyRootFilesystem: true,
    });
    expect(pod).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    const kinds = pod.volumes.flatMap((volume: object) =>
      Object.keys(volume).filter((key) => key !== "name"),
    );
    const safe = ["configMap", "secret", "persistentVolumeClaim", "emptyDir"];
    expect(kinds.filter((kind: string) => !safe.includes(kind))).toEqual([]);
    expect([pod.hostNetwork, pod.hostPID, pod.hostIPC]).toEqual([undefined, undefined, undefined]);
  });

  it.each(PODS)("%s runs one pod at a time and gives it time to stop", (path) => {
    const { pod, strategy, replicas } = podOf(manifestsOf(read(path)));
    expect([replicas, strategy]).toEqual([1, { type: "Recreate" }]);
    const [, limit = ""] = /STOP_LIMIT_MS = ([\d_]+)/.exec(read("src/cli/start.ts")) ?? [];
    expect(pod.terminationGracePeriodSeconds * 1000).toBeGreaterThan(Number(limit.replaceAll("_", "")));
  });

  it.each(PODS)(
    "%s hands over secrets as files that are mounted, and only variables that are read",
    (path) => {
      const { pod, container } = podOf(manifestsOf(read(path)));
      const names = VARIABLES.map(
        (one) =>
          new RegExp(`^${one.name.replace("<CLUSTER>", "[A-Z0-9_]+")}${"secret" in one ? "_FILE" : ""}$`),
      );
      const isRead = (name: string) => /^(OTEL_|NO_PROXY$)/.test(name) || names.some((one) => one.test(name));
      expect(container.env.map(({ name }) => name).filter((name) => !isRead(name))).toEqual([]);
      const secrets = pod.volumes.find(({ name }: { name: string }) => name === "secrets").secret.items;
      const files = container.env.flatMap(({ name, value = "" }) =>
        name.endsWith("_FILE") && name !== "CONFIG_FILE" ? [value] : [],
      );
      expect(files).toEqual(
        secrets.map(({ path: file }: { path: string }) => `/run/secrets/kagent-discord/${file}`),
      );
    },
  );

  it.each(PODS)("%s writes only below what is mounted", (path) => {
    const { container } = podOf(manifestsOf(read(path)));
    const mounts = container.volumeMounts.map(({ mountPath }) => mountPath);
    const store = variableOf(container, "STORE_URL")?.replace(/^sqlite:\/\//, "");
    for (const place of [store, variableOf(container, "AUDIT_DIR")])
      if (place?.startsWith("/")) expect(mounts.some((mount) => place.startsWith(`${mount}/`))).toBe(true);
      else expect(["memory:", "off"]).toContain(place);
  });

  it.each(PODS)("%s has a configuration that the bot accepts", (path) => {
    const manifests = manifestsOf(read(path));
    const { container } = podOf(manifests);
    const [config] = manifests.flatMap(({ data }) => Object(data)["config.yaml"] ?? []);
    const env = Object.fromEntries(container.env.map(({ name, value }) => [name, value]));
    const files = (file: string) => (file.endsWith("config.yaml") ? config : "a".repeat(40));
    expect(() => readConfig(env, files)).not.toThrow();
  });

  it.each(PODS)("%s selects its own pod everywhere, and no other", (path) => {
    const manifests = manifestsOf(read(path));
    const labels = only(manifests, "Deployment").spec.template.metadata.labels;
    const own = {
      "app.kubernetes.io/name": "kagent-discord",
      "app.kubernetes.io/instance": "kagent-discord",
    };
    expect(labels).toMatchObject(own);
    expect(only(manifests, "Deployment").spec.selector.matchLabels).toEqual(own);
    expect(only(manifests, "NetworkPolicy").spec.podSelector.matchLabels).toEqual(own);
    expect(only(manifests, "PodDisruptionBudget").spec.selector.matchLabels).toEqual(own);
  });

  it.each(PODS)("%s lets the pod reach DNS, kagent and the internet's port 443", (path) => {
    const { spec } = only(manifestsOf(read(path)), "NetworkPolicy");
    expect(spec.policyTypes).toEqual(["Ingress", "Egress"]);
    const ports = spec.egress.map((rule: { ports: readonly { port: number }[] }) =>
      rule.ports.map(({ port }) => port),
    );
    expect(ports.slice(0, 3)).toEqual([[53, 53], [8083], [443]]);
    const world = spec.egress[2].to.map(({ ipBlock }: { ipBlock: object }) => ipBlock);
    expect(world[0].except).toContain("169.254.0.0/16");
    expect(world[0].except).toContain("10.0.0.0/8");
  });

  it.each(PODS)("%s mounts the configuration as a directory, so that its changes arrive", (path) => {
    const { container } = podOf(manifestsOf(read(path)));
    const [mount] = container.volumeMounts.filter(({ name }) => name === "config");
    expect(mount).toEqual({ name: "config", mountPath: "/etc/kagent-discord", readOnly: true });
  });
});

describe("the version", () => {
  const { version } = JSON.parse(read("package.json"));

  it("is the same in package.json, the chart and the images", () => {
    expect(parse(read("deploy/helm/kagent-discord/Chart.yaml"))).toMatchObject({
      version,
      appVersion: version,
    });
    expect(read("deploy/helm/kagent-discord/Chart.yaml")).toContain(`kagent-discord:${version}\n`);
    for (const name of ["default", "dev"])
      expect(podOf(rendered("helm", name)).raw.image).toBe(
        `ghcr.io/kagent-discord/kagent-discord:${version}`,
      );
    expect(read("deploy/argocd/application.yaml")).toContain(`targetRevision: ${version}`);
    expect(read("deploy/flux/helmrelease.yaml")).toContain(`tag: ${version}`);
  });
});
