import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, it, onTestFinished } from "vitest";
import { startKagent } from "../../emulator/agent/kagent.ts";
import { startDiscord } from "../../emulator/discord/discord.ts";
import { agent } from "../e2e/story.ts";
import { read } from "../pages.ts";
import { isInstalled, outputOf } from "./chart.ts";

/** Building takes minutes, so it is asked for: `npm run image`. */
const BUILD = "build";
const MOST_BYTES = 250 * 1024 * 1024;
const MINUTES = 60_000;
const CONFINED = ["--read-only", "--cap-drop", "ALL", "--security-opt", "no-new-privileges"];

const docker = (...args: readonly string[]) => outputOf("docker", args).trim();

/** The image of a stage: what `IMAGE` or `DEMO_IMAGE` names, otherwise built here. */
function imageOf(target: "image" | "demo"): string {
  const built = process.env[target === "image" ? "IMAGE" : "DEMO_IMAGE"];
  if (built !== undefined && built !== BUILD) return built;
  const tag = `kagent-discord:test-${target}`;
  docker("build", "--quiet", "--target", target, "--tag", tag, ".");
  return tag;
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, "127.0.0.1", () => {
      const { port } = Object(server.address());
      server.close(() => resolve(port));
    });
  });
}

/** The guide's command that prints a copy of the store. */
function backupScript(): string {
  const [, script = ""] = /\/nodejs\/bin\/node -e "\n([\s\S]*?)" > /.exec(read("docs/upgrade.md")) ?? [];
  return script;
}

/** The image with a volume and a token as a file, as compose.yaml runs it, between a local Discord and a local kagent. */
async function startImage() {
  const discord = await startDiscord();
  const kagent = await startKagent({ agents: [agent("k8s-agent")] });
  discord.createGuild({ name: "acme" }).createChannel({ name: "ops" });
  const folder = mkdtempSync(join(tmpdir(), "image-"));
  const name = `kagent-discord-${process.pid}`;
  const token = join(folder, "token");
  writeFileSync(token, discord.token);
  chmodSync(folder, 0o755);
  chmodSync(token, 0o444);
  const port = await freePort();
  const env = {
    DISCORD_BOT_TOKEN_FILE: "/run/secrets/token",
    DISCORD_API_URL: discord.apiUrl,
    KAGENT_BASE_URL: kagent.url,
    HTTP_PORT: String(port),
  };
  onTestFinished(async () => {
    docker("rm", "--force", "--volumes", name);
    await kagent.stop();
    await discord.stop();
    rmSync(folder, { recursive: true });
  });
  docker(
    ...[
      "run",
      "--detach",
      "--name",
      name,
      "--network",
      "host",
      "--memory",
      "384m",
      "--tmpfs",
      "/tmp",
      ...CONFINED,
    ],
    ...["--volume", `${token}:/run/secrets/token:ro`],
    ...Object.entries(env).flatMap(([key, value]) => ["--env", `${key}=${value}`]),
    imageOf("image"),
  );
  return { name, discord, get: (path: string) => fetch(`http://127.0.0.1:${port}${path}`) };
}

// These need an engine for containers; test/deploy/container.test.ts says what can be said without.
describe("the image", () => {
  beforeEach(({ skip }) => {
    skip((process.env.IMAGE ?? "") === "", "npm run image builds it and tries it");
    skip(process.platform !== "linux", "the network of a container is Linux's own");
    skip(!isInstalled("docker", "info"), "no engine for containers runs here");
  });

  it(
    "is small, and runs as a user without rights, a writable root or a network",
    () => {
      const image = imageOf("image");
      expect(docker("run", "--rm", "--network", "none", ...CONFINED, image, "version")).toBe(
        JSON.parse(read("package.json")).version,
      );
      expect(Number(docker("image", "inspect", "--format", "{{ .Size }}", image))).toBeLessThan(MOST_BYTES);
      expect(() => docker("run", "--rm", "--entrypoint", "/bin/sh", image, "-c", "true")).toThrow(/sh/);
    },
    15 * MINUTES,
  );

  it(
    "becomes healthy, serves people, gives a backup, and ends with 0",
    async () => {
      const { name, discord, get } = await startImage();
      const health = () => docker("inspect", "--format", "{{ .State.Health.Status }}", name);
      await discord.until(() => health() === "healthy" || undefined, { what: "healthy", within: MINUTES });
      await discord.until(async () => (await get("/readyz").catch(() => undefined))?.ok || undefined, {
        what: "ready",
        within: MINUTES,
      });
      const copy = docker("exec", name, "/nodejs/bin/node", "-e", backupScript());
      expect(copy.slice(0, 15)).toBe("SQLite format 3");
      docker("stop", "--time", "45", name);
      expect(docker("inspect", "--format", "{{ .State.ExitCode }}", name)).toBe("0");
    },
    15 * MINUTES,
  );

  it(
    "has a stage that tells the story of the demo, with no network",
    () => {
      const story = docker(
        "run",
        "--rm",
        "--tmpfs",
        "/tmp",
        "--network",
        "none",
        ...CONFINED,
        imageOf("demo"),
      );
      expect(story).toContain("Everything was as it should be.");
    },
    15 * MINUTES,
  );
});
