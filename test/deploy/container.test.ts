import { existsSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, it } from "vitest";
import { parse } from "yaml";
import { VARIABLES } from "../../src/config/variables.ts";
import { ROOT, read } from "../pages.ts";
import { only, rendered } from "./chart.ts";

interface Stage {
  readonly name: string;
  readonly base: string;
  /** Instructions with their continuation lines joined. */
  readonly lines: readonly string[];
}

function stagesOf(dockerfile: string): readonly Stage[] {
  const joined = dockerfile.replaceAll(/^\s*#.*\n/gm, "").replaceAll(/\s*\\\n\s*/g, " ");
  return joined
    .split(/^FROM /m)
    .slice(1)
    .map((text) => {
      const [first = "", ...lines] = text.split("\n").filter((line) => line.trim() !== "");
      const [, base = "", name = ""] = /(?:--\S+ )?(\S+) AS (\S+)/.exec(first) ?? [];
      return { name, base, lines };
    });
}

/** What stands after an instruction, such as `CMD`. */
const argsOf = ({ lines }: Stage, instruction: string) =>
  lines.flatMap((line) => (line.startsWith(`${instruction} `) ? [line.slice(instruction.length + 1)] : []));

const stages = stagesOf(read("Dockerfile"));
const image = stages.at(-1) ?? { name: "", base: "", lines: [] };
const compose = parse(read("compose.yaml"));

describe("the image", () => {
  it("is the last stage: distroless, of the same Node and Debian as the stages that compile", () => {
    expect(image.name).toBe("image");
    const [, major] =
      /^gcr\.io\/distroless\/nodejs(\d+)-debian13:nonroot(@sha256:[0-9a-f]{64})?$/.exec(image.base) ?? [];
    const others = stages.slice(0, -1).map(({ base }) => base.replace(/@sha256:[0-9a-f]{64}$/, ""));
    // Debian 13 is trixie.
    expect([...new Set(others)]).toEqual([`node:${major}-trixie-slim`]);
  });

  it("runs as the user of the manifests, and nothing in it needs a shell", () => {
    const { runAsUser, runAsGroup } = only(rendered("helm", "default"), "Deployment").spec.template.spec
      .securityContext;
    expect(argsOf(image, "USER")).toEqual([`${runAsUser}:${runAsGroup}`]);
    const run = ["RUN", "CMD", "ENTRYPOINT"].flatMap((name) => argsOf(image, name));
    expect(run.map((form) => Array.isArray(JSON.parse(form)))).toEqual([true, true, true]);
    expect(argsOf(image, "HEALTHCHECK")[0]).toMatch(
      /CMD \["\/nodejs\/bin\/node", "dist\/src\/main.js", "healthcheck"\]$/,
    );
  });

  it("starts the program of package.json, with subcommands that there are", () => {
    const { bin } = JSON.parse(read("package.json"));
    const [entry = "[]"] = argsOf(image, "ENTRYPOINT");
    expect(JSON.parse(entry).at(-1)).toBe(bin["kagent-discord"]);
    expect(argsOf(image, "CMD")).toEqual(['["start"]']);
    for (const name of ["start", "healthcheck"]) expect(read("src/main.ts")).toContain(`.command("${name}"`);
  });

  it("loads the native SQLite binding as the user that it will run with", () => {
    const lines = image.lines.map((line) => line.split(" ")[0]);
    expect(lines.indexOf("RUN")).toBeGreaterThan(lines.indexOf("USER"));
    expect(argsOf(image, "RUN")[0]).toContain("SELECT sqlite_version()");
  });

  it("writes below the volume of the manifests, and sets only variables that are read", () => {
    const { env } = only(rendered("helm", "default"), "Deployment").spec.template.spec.containers[0];
    const set = Object.fromEntries(
      [...(argsOf(image, "ENV")[0] ?? "").matchAll(/(\w+)=("[^"]*"|\S+)/g)].map(([, name = "", value]) => [
        name,
        value,
      ]),
    );
    const read = [...VARIABLES.map(({ name }) => name), "NODE_ENV", "NODE_OPTIONS"];
    expect(Object.keys(set).filter((name) => !read.some((one) => one === name))).toEqual([]);
    for (const name of ["STORE_URL", "AUDIT_DIR", "HTTP_PORT"])
      expect(set[name]).toBe(env.find((one: { name: string }) => one.name === name).value);
  });

  it("carries the labels of Open Containers", () => {
    const labels = [...(argsOf(image, "LABEL")[0] ?? "").matchAll(/org\.opencontainers\.image\.(\w+)=/g)];
    expect(labels.map(([, name]) => name)).toEqual(
      expect.arrayContaining([
        "title",
        "description",
        "source",
        "version",
        "revision",
        "created",
        "licenses",
      ]),
    );
  });

  it("is built from files that the allow-list lets through, and from no others", () => {
    const [first, ...allowed] = read(".dockerignore")
      .split("\n")
      .filter((line) => line !== "" && !line.startsWith("#"));
    expect(first).toBe("*");
    expect(allowed.filter((line) => !line.startsWith("!"))).toEqual([]);
    const copied = stages.flatMap((stage) =>
      argsOf(stage, "COPY").flatMap((args) => (args.includes("--from=") ? [] : args.split(" ").slice(0, -1))),
    );
    const names = allowed.map((line) => line.slice(1));
    expect([...new Set(copied)].sort()).toEqual(names.sort());
    expect(names.filter((name) => !existsSync(join(ROOT, name)))).toEqual([]);
  });
});

describe("compose.yaml", () => {
  const { bot, demo } = compose.services;

  it.each(Object.entries<typeof bot>(compose.services))(
    "%s has no more rights than it needs",
    (_, service) => {
      expect(service).toMatchObject({
        read_only: true,
        tmpfs: ["/tmp"],
        cap_drop: ["ALL"],
        security_opt: ["no-new-privileges:true"],
      });
      expect(stages.map(({ name }) => name)).toContain(service.build.target);
    },
  );

  it("runs the bot of this version with its token as a file, a volume, and time to stop", () => {
    expect(bot.image).toBe(
      `ghcr.io/kagent-discord/kagent-discord:${JSON.parse(read("package.json")).version}`,
    );
    expect(bot.secrets.map((name: string) => `/run/secrets/${name}`)).toEqual([
      bot.environment.DISCORD_BOT_TOKEN_FILE,
    ]);
    const [volume, place] = bot.volumes[0].split(":");
    expect(Object.keys(compose.volumes)).toEqual([volume]);
    expect(argsOf(image, "VOLUME")).toEqual([place]);
    expect(Number.parseInt(bot.stop_grace_period, 10)).toBeGreaterThan(20);
    // Metrics are for this machine.
    expect(bot.ports).toEqual(["127.0.0.1:8080:8080"]);
  });

  it("tells the story of the demo with no network, and only when asked to", () => {
    expect(demo.profiles).toEqual(["demo"]);
    expect(demo.network_mode).toBe("none");
    const stage = stages.find(({ name }) => name === demo.build.target);
    expect(stage && argsOf(stage, "CMD")).toEqual(['["node_modules/.bin/tsx", "demo/main.ts"]']);
    expect(JSON.parse(read("package.json")).scripts.demo).toBe("tsx demo/main.ts");
  });
});
