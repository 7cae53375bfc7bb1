import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { needsProgram } from "../needs.ts";
import { filesBelow, read } from "../pages.ts";
import { outputOf } from "./chart.ts";

interface Step {
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly "timeout-minutes"?: number;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

const workflows = filesBelow(".github/workflows", ".yaml").map((path) => ({ path, ...parse(read(path)) }));
const jobs = workflows.flatMap(({ path, jobs: all }) =>
  Object.entries<Job>(all).map(([name, job]) => [`${path}, ${name}`, job] as const),
);
const ci = parse(read(".github/workflows/ci.yaml"));
const release = read(".github/workflows/release.yaml");

describe("the workflows", () => {
  it.each(jobs)("%s has a time limit, its own permissions, and pinned actions", (_, job) => {
    expect(job["timeout-minutes"]).toBeLessThanOrEqual(60);
    expect(job.permissions?.contents).toMatch(/^(read|write)$/);
    const used = job.steps.flatMap(({ uses }) => uses ?? []);
    expect(used.filter((name) => !/^[\w./-]+@[0-9a-f]{40}$/.test(name))).toEqual([]);
    const checkouts = job.steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    expect(checkouts.filter((step) => step.with?.["persist-credentials"] !== false)).toEqual([]);
  });

  it("give nothing to a workflow as a whole", () => {
    for (const { permissions } of workflows) expect(permissions).toEqual({});
  });

  it("put no text of a pull request into a shell", () => {
    const scripts = jobs.flatMap(([, { steps }]) => steps.flatMap(({ run }) => run ?? []));
    expect(scripts.length).toBeGreaterThan(15);
    expect(scripts.filter((script) => /\$\{\{/.test(script))).toEqual([]);
  });

  it("run only npm scripts that there are", () => {
    const { scripts } = JSON.parse(read("package.json"));
    const named = jobs.flatMap(([, { steps }]) =>
      steps.flatMap(({ run = "" }) => [...run.matchAll(/npm run ([a-z:]+)/g)].map(([, name = ""]) => name)),
    );
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((name) => !(name in scripts))).toEqual([]);
  });

  it("test every Node that package.json promises, and install helm to compare renderings", () => {
    const { engines } = JSON.parse(read("package.json"));
    expect(engines.node).toBe("^20.19.0 || >=22.13.0");
    expect(ci.jobs.test.strategy.matrix.node).toEqual(["20", "22", "24"]);
    const deploy = ci.jobs.deploy.steps.flatMap(({ run = "" }: Step) => run).join("\n");
    for (const part of [
      "helm.sh/helm/v3/cmd/helm@",
      "helm lint --strict",
      "helm unittest",
      "promtool test rules /chart/tests/alerts.yaml",
      "kubeconform -strict",
      "actionlint",
      "npx vitest run test/deploy",
    ])
      expect(deploy).toContain(part);
  });

  it("build the image and its demo, and start both", () => {
    const { steps }: Job = ci.jobs.image;
    const targets = steps.flatMap(({ with: given }) => given?.target ?? []);
    expect(targets).toEqual(["image", "demo"]);
    expect(steps.flatMap(({ run = "" }) => run).join("\n")).toContain("test/deploy/engine.test.ts");
  });

  it("release for two platforms, signed, with provenance and a list of parts", () => {
    for (const part of [
      "platform: linux/amd64",
      "platform: linux/arm64",
      "provenance: mode=max",
      "sbom: true",
      'cosign sign --yes --recursive "$IMAGE@$DIGEST"',
      "attest-build-provenance@",
      'helm push "kagent-discord-$VERSION.tgz" "oci://$CHARTS"',
      "npm sbom --omit=dev",
    ])
      expect(release).toContain(part);
  });

  it("are what actionlint accepts", ({ skip }) => {
    needsProgram(skip, "actionlint", "-version");
    expect(
      outputOf(
        "actionlint",
        workflows.map(({ path }) => path),
      ),
    ).toBe("");
  });
});

describe("renovate.json", () => {
  const renovate = JSON.parse(read("renovate.json"));

  it("waits before it believes a release, and pins what can be pinned", () => {
    expect(renovate.minimumReleaseAge).toBe("7 days");
    expect(renovate.extends).toEqual(
      expect.arrayContaining(["docker:pinDigests", "helpers:pinGitHubActionDigests"]),
    );
  });

  it("holds back packages that package.json has", () => {
    const { dependencies, devDependencies } = JSON.parse(read("package.json"));
    const { matchPackageNames } = renovate.packageRules[0];
    const all = Object.keys({ ...dependencies, ...devDependencies });
    expect(matchPackageNames.filter((name: string) => !all.includes(name))).toEqual([]);
  });
});
