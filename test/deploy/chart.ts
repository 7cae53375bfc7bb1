import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { parseAllDocuments } from "yaml";
import { filesBelow, ROOT, read } from "../pages.ts";

/** The chart, and its defaults. */
export const CHART = "deploy/helm/kagent-discord";
export const VALUES = `${CHART}/values.yaml`;
const KUSTOMIZE = "deploy/kustomize";

/** A rendering that is committed, so that it can be checked where its program is not installed. */
export interface Rendering {
  /** What it is for. */
  readonly name: string;
  /** The committed file. */
  readonly path: string;
  readonly program: "helm" | "kubectl";
  readonly args: readonly string[];
}

function helmRendering(name: string, values?: string): Rendering {
  const fixed = ["--namespace", "kagent-discord", "--kube-version", "1.33.0"];
  const chosen = values === undefined ? [] : ["--values", `${CHART}/ci/${values}`];
  return {
    name: `chart, ${name}`,
    path: `deploy/helm/rendered/${name}.yaml`,
    program: "helm",
    args: ["template", "kagent-discord", CHART, ...fixed, ...chosen],
  };
}

function kustomizeRendering(name: string, folder: string): Rendering {
  return {
    name: `kustomize, ${name}`,
    path: `${KUSTOMIZE}/rendered/${name}.yaml`,
    program: "kubectl",
    args: ["kustomize", `${KUSTOMIZE}/${folder}`],
  };
}

/** Every committed rendering. */
export const RENDERINGS: readonly Rendering[] = [
  helmRendering("default"),
  helmRendering("dev", "dev-values.yaml"),
  helmRendering("everything", "everything-values.yaml"),
  kustomizeRendering("base", "base"),
  kustomizeRendering("single", "overlays/single"),
  kustomizeRendering("dev", "overlays/dev"),
  kustomizeRendering("monitoring", "overlays/monitoring"),
];

/** A Kubernetes object. */
export type Manifest = Readonly<Record<string, unknown>>;

/** The objects of a file or of a program's output. */
export function manifestsOf(yaml: string): readonly Manifest[] {
  return parseAllDocuments(yaml).flatMap((document) => {
    if ("errors" in document && document.errors[0]) throw document.errors[0];
    const manifest: unknown = document.toJS();
    return manifest === null ? [] : [Object(manifest)];
  });
}

/** The objects of a committed rendering, such as `deploy/helm/rendered/default.yaml`. */
export const rendered = (tool: "helm" | "kustomize", name: string) =>
  manifestsOf(read(`deploy/${tool}/rendered/${name}.yaml`));

/** `Deployment/kagent-discord`. */
export function idOf(manifest: Manifest): string {
  return `${manifest.kind}/${Object(manifest.metadata).name}`;
}

/** The one object of a kind. */
export function only(manifests: readonly Manifest[], kind: string) {
  const found = manifests.filter((manifest) => manifest.kind === kind);
  if (found.length !== 1) throw new Error(`${found.length} objects are of kind ${kind}, not one`);
  return Object(found[0]);
}

/** Whether a program is on the PATH and runs. */
export function isInstalled(program: string, ...args: readonly string[]): boolean {
  return spawnSync(program, args, { stdio: "ignore" }).status === 0;
}

/** Runs a program in the repository: its standard output; throws what it says on standard error when it fails. */
export function outputOf(program: string, args: readonly string[]): string {
  const { status, stdout, stderr } = spawnSync(program, args, { cwd: ROOT, encoding: "utf8" });
  if (status !== 0) throw new Error(`${program} ${args.join(" ")}: ${stderr}`);
  return stdout;
}

/** Digest of everything that the renderings depend on. */
export function inputsDigest(): string {
  const hash = createHash("sha256");
  const inputs = [".yaml", ".tpl", ".txt", ".json"]
    .flatMap((ending) => [...filesBelow(CHART, ending), ...filesBelow(KUSTOMIZE, ending)])
    .filter((path) => !/values\.schema\.json$|\/tests\/|\/rendered\//.test(path))
    .sort();
  for (const path of inputs) hash.update(`${path}\0${read(path)}\0`);
  return `${hash.digest("hex")}\n`;
}
