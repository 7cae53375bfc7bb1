import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join, relative } from "node:path";
import { Ajv } from "ajv";
import { describe, expect, it, onTestFinished } from "vitest";
import { parse } from "yaml";
import { readConfig } from "../../src/config/read.ts";
import { needsProgram } from "../needs.ts";
import { ROOT, read } from "../pages.ts";
import { CHART, idOf, manifestsOf, only, outputOf, VALUES } from "./chart.ts";
import { createObjectCheck } from "./kubernetes.ts";
import { merged } from "./merged.ts";
import { valuesSchema } from "./values-schema.ts";

const GUIDES = ["kubernetes", "gitops", "upgrade", "hardening", "faq"].map((name) => `docs/${name}.md`);
const validate = new Ajv({ strict: false, allErrors: true }).compile(JSON.parse(valuesSchema()));
const check = createObjectCheck();

const blocks = GUIDES.flatMap((page) =>
  [...read(page).matchAll(/^( *)```yaml\n([\s\S]*?)^ *```/gm)].map(([, indent = "", code = ""], index) => {
    const text = code.replaceAll(new RegExp(`^${indent}`, "gm"), "");
    return { name: `${page}, ${index + 1}`, text, isObject: /^apiVersion: (?!kagent-discord)/m.test(text) };
  }),
);
const OPERATORS = /^(cilium\.io|networking\.istio\.io|security\.istio\.io|gateway\.networking\.k8s\.io)\//;
/** A file in a folder of the repository, which goes with the test: an overlay names its base by a path. */
function temporary(name: string, text: string): string {
  const folder = mkdtempSync(join(ROOT, "test/deploy/.guide-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  writeFileSync(join(folder, name), text);
  return relative(ROOT, folder);
}
const isOverlay = (text: string) => text.includes("kind: Kustomization");
const values = blocks.filter(({ isObject }) => !isObject);
const objects = blocks.filter(({ isObject, text }) => isObject && !isOverlay(text));
const refusals = (values: unknown) => {
  validate(merged(parse(read(VALUES)), values));
  return validate.errors ?? [];
};

describe("the examples of the guides", () => {
  it.each(values)("are values that the chart takes: $name", ({ text }) => {
    expect(refusals(parse(text))).toEqual([]);
  });

  it.each(objects)("are objects that Kubernetes takes: $name", ({ text }) => {
    expect(manifestsOf(text).flatMap(check)).toEqual([]);
  });

  it("are values of which Helm makes objects that Kubernetes takes", ({ skip }) => {
    needsProgram(skip, "helm", "version");
    for (const { text } of values) {
      const file = join(temporary("values.yaml", text), "values.yaml");
      const made = manifestsOf(
        outputOf("helm", ["template", "x", CHART, "--kube-version", "1.33.0", "--values", file]),
      );
      expect(made.filter(({ apiVersion }) => !OPERATORS.test(String(apiVersion))).flatMap(check)).toEqual([]);
    }
  });

  it("hold an overlay of which Kustomize makes the bot's", ({ skip }) => {
    needsProgram(skip, "kubectl", "version", "--client");
    const [overlay] = blocks.filter(({ text }) => isOverlay(text));
    const text = overlay?.text.replace(/https:\S+\/\/(deploy\S+)\?ref=v\S+/, "../../../$1") ?? "";
    const made = manifestsOf(outputOf("kubectl", ["kustomize", temporary("kustomization.yaml", text)]));
    expect(made.map(idOf)).toContain("Deployment/kagent-discord");
    expect(made.flatMap(check)).toEqual([]);
    const config = only(made, "ConfigMap").data["config.yaml"];
    const { access } = readConfig({ DISCORD_BOT_TOKEN: "t", CONFIG_FILE: "f" }, () => config);
    expect(JSON.stringify(access)).toContain('"112233445566778899"');
  });

  it("for Argo CD and Flux are values that the chart takes", () => {
    const application = only(manifestsOf(read("deploy/argocd/application.yaml")), "Application");
    const release = only(manifestsOf(read("deploy/flux/helmrelease.yaml")), "HelmRelease");
    expect(refusals(application.spec.source.helm.valuesObject)).toEqual([]);
    expect(refusals(release.spec.values)).toEqual([]);
    expect(refusals({ konfig: {} })).not.toEqual([]);
  });

  it("name the volume, the paths and the port of the manifests", () => {
    const [deployment, upgrade] = [read("deploy/helm/rendered/default.yaml"), read("docs/upgrade.md")];
    for (const name of ["/var/lib/kagent-discord/kagent-discord.sqlite", "kagent-discord-data"]) {
      expect(deployment).toContain(name);
      expect(upgrade).toContain(name);
    }
  });
});
