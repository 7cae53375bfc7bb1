import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Manifest, only } from "./chart.ts";

/** What differs between a test and a cluster. */
export interface PodOptions {
  /** Stands in for the root of the pod's file system. */
  readonly root: string;
  /** The keys of the Secret. */
  readonly secret: Readonly<Record<string, string>>;
  /** A line of the ConfigMap's file that is replaced, such as kagent's address. */
  readonly replace: readonly [from: string, to: string];
}

/** What the kubelet would start. Paths lie below `root`. */
export interface Pod {
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly probes: readonly string[];
}

/** Makes the volumes of a rendering's pod as the kubelet does, and reads what it would start. */
export function createPod(manifests: readonly Manifest[], options: PodOptions): Pod {
  const { containers, volumes } = only(manifests, "Deployment").spec.template.spec;
  const [container] = containers;
  const inRoot = (path: string) => join(options.root, path);
  for (const { name, mountPath } of container.volumeMounts) {
    const volume = volumes.find((one: { name: string }) => one.name === name);
    mkdirSync(inRoot(mountPath), { recursive: true });
    if (volume.configMap) project(inRoot(mountPath), configOf(manifests, options), 0o644);
    if (volume.secret) project(inRoot(mountPath), chosen(volume.secret, options), volume.secret.defaultMode);
  }
  const mounts: readonly { mountPath: string }[] = container.volumeMounts;
  const inPod = (value: string) => {
    const mount = mounts.find(({ mountPath }) => value.includes(`${mountPath}/`))?.mountPath;
    return mount === undefined ? value : value.replace(mount, inRoot(mount));
  };
  return {
    args: container.args,
    env: Object.fromEntries(
      container.env.map(({ name, value }: { name: string; value: string }) => [name, inPod(value)]),
    ),
    probes: ["startupProbe", "livenessProbe", "readinessProbe"].map((name) => container[name].httpGet.path),
  };
}

/** The files of a ConfigMap or a Secret: links through a directory that a change swaps. */
function project(folder: string, files: Readonly<Record<string, string>>, mode: number): void {
  mkdirSync(join(folder, "..2026"));
  symlinkSync("..2026", join(folder, "..data"));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(folder, "..2026", name), text);
    chmodSync(join(folder, "..2026", name), mode);
    symlinkSync(join("..data", name), join(folder, name));
  }
}

function configOf(manifests: readonly Manifest[], { replace: [from, to] }: PodOptions) {
  const [data] = manifests.flatMap((one) => (one.kind === "ConfigMap" ? [Object(one.data)] : []));
  const text: string = data["config.yaml"];
  if (!text.includes(from)) throw new Error(`${from} is not in the ConfigMap`);
  return { "config.yaml": text.replace(from, to) };
}

function chosen(volume: { items: readonly { key: string; path: string }[] }, { secret }: PodOptions) {
  return Object.fromEntries(
    volume.items.map(({ key, path }) => {
      const value = secret[key];
      if (value === undefined) throw new Error(`the Secret has no key ${key}`);
      return [path, value];
    }),
  );
}
