import { existsSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import { describe, expect, it } from "vitest";
import { ROOT, read } from "../pages.ts";
import {
  idOf,
  inputsDigest,
  isInstalled,
  type Manifest,
  manifestsOf,
  outputOf,
  RENDERINGS,
  rendered,
} from "./chart.ts";

const INPUTS = "deploy/rendered.sha256";
const here = {
  helm: isInstalled("helm", "version"),
  kubectl: isInstalled("kubectl", "version", "--client"),
};

/** What Helm, and nobody else, writes into an object. */
const HELMS_OWN = ["helm.sh/chart", "app.kubernetes.io/managed-by", "helm.sh/resource-policy"];

/** The object without what differs by who made it, and without its namespace. */
function bare(node: unknown): unknown {
  if (Array.isArray(node)) return node.map(bare);
  if (typeof node !== "object" || node === null) return node;
  const kept = Object.entries(node).filter(([key]) => !HELMS_OWN.includes(key) && key !== "namespace");
  return Object.fromEntries(
    kept.map(([key, value]) => [key, key === "env" ? bare(value.toSorted(byName)) : bare(value)]),
  );
}

/** A patch moves variables; their order has no meaning here. */
const byName = (one: Manifest, other: Manifest) => String(one.name).localeCompare(String(other.name));

/** By what they are. */
function comparable(manifests: readonly Manifest[]): Readonly<Record<string, unknown>> {
  return Object.fromEntries(manifests.map((manifest) => [idOf(manifest), bare(manifest)]));
}

// After a change below deploy/, `npm run render` writes the renderings anew; it needs helm and kubectl.
describe("the committed renderings", () => {
  it.each(RENDERINGS)("are what the program makes now: $name", async ({ program, args, path }) => {
    // Where the program is not installed, the digest below stands in for it.
    if (!here[program]) return expect(manifestsOf(read(path)).length).toBeGreaterThan(4);
    const fresh = outputOf(program, args);
    // Versions of a program lay the same objects out differently.
    if (existsSync(join(ROOT, path)) && isDeepStrictEqual(manifestsOf(fresh), manifestsOf(read(path))))
      return;
    await expect(fresh).toMatchFileSnapshot(`../../${path}`);
  });

  it("were made from the files as they are", async () => {
    if (here.helm && here.kubectl) await expect(inputsDigest()).toMatchFileSnapshot(`../../${INPUTS}`);
    else expect(inputsDigest(), "run `npm run render` where helm and kubectl are").toBe(read(INPUTS));
  });

  it("are the same objects from the chart's defaults and from the kustomize base", () => {
    const chart = comparable(rendered("helm", "default"));
    expect(Object.keys(chart)).toHaveLength(6);
    expect(comparable(rendered("kustomize", "base"))).toEqual(chart);
  });

  it("are the same objects from the overlay single, beside its namespace", () => {
    const { "Namespace/kagent-discord": namespace, ...objects } = comparable(rendered("kustomize", "single"));
    expect(namespace).toBeDefined();
    expect(objects).toEqual(comparable(rendered("helm", "default")));
  });

  it("are the same objects from the overlay dev and from the chart's dev values", () => {
    const { "Namespace/kagent-discord-dev": namespace, ...objects } = comparable(
      rendered("kustomize", "dev"),
    );
    expect(namespace).toBeDefined();
    expect(objects).toEqual(comparable(rendered("helm", "dev")));
  });

  it("have the same alerts, dashboards and scraping from both", () => {
    const spec = (manifests: readonly Manifest[], kind: string) =>
      manifests.filter((one) => one.kind === kind).map((one) => one.spec);
    const dashboards = (manifests: readonly Manifest[]) =>
      manifests.filter((one) => idOf(one) === "ConfigMap/kagent-discord-dashboards").map((one) => one.data);
    const [chart, kustomize] = [rendered("helm", "everything"), rendered("kustomize", "monitoring")];
    expect(spec(chart, "PrometheusRule")).toHaveLength(1);
    for (const kind of ["PrometheusRule", "PodMonitor"])
      expect(spec(kustomize, kind)).toEqual(spec(chart, kind));
    expect(dashboards(chart)).toHaveLength(1);
    expect(dashboards(kustomize)).toEqual(dashboards(chart));
  });
});
