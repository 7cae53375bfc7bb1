import { Ajv } from "ajv";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { read } from "../pages.ts";
import { manifestsOf, only, VALUES } from "./chart.ts";
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
const refusals = (values: unknown) => {
  validate(merged(parse(read(VALUES)), values));
  return validate.errors ?? [];
};

describe("the examples of the guides", () => {
  it.each(blocks.filter(({ isObject }) => !isObject))(
    "are values that the chart takes: $name",
    ({ text }) => {
      expect(refusals(parse(text))).toEqual([]);
    },
  );

  it.each(blocks.filter(({ isObject }) => isObject))(
    "are objects that Kubernetes takes: $name",
    ({ text }) => {
      expect(manifestsOf(text).flatMap(check)).toEqual([]);
    },
  );

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
