import { execFile, execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer } from "node:https";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it, onTestFinished } from "vitest";
import { WebSocketServer } from "ws";
import { startProxy } from "./local-proxy.ts";

/** A certificate of nobody's authority; undefined where there is no openssl to make it. */
function makeCertificate(): { readonly cert: string; readonly key: string } | undefined {
  const folder = mkdtempSync(join(tmpdir(), "kagent-discord-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  const [cert, key] = [join(folder, "cert.pem"), join(folder, "key.pem")];
  const wanted = ["-subj", "/CN=secure.test", "-addext", "subjectAltName=DNS:secure.test", "-days", "2"];
  const made = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-out", cert, "-keyout", key];
  try {
    execFileSync("openssl", [...made, ...wanted], { stdio: "ignore" });
    return { cert, key };
  } catch {
    return undefined;
  }
}

it("trusts the authorities of NODE_EXTRA_CA_CERTS behind the proxy, for REST and for the gateway", async ({
  skip,
}) => {
  const files = makeCertificate();
  if (!files) return skip("there is no openssl");
  const server = createServer(
    { cert: readFileSync(files.cert), key: readFileSync(files.key) },
    (_request, response) => response.end("over https"),
  );
  new WebSocketServer({ server }).on("connection", (socket) => socket.send("over wss"));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const proxy = await startProxy();
  proxy.lead("secure.test", address !== null && typeof address === "object" ? address.port : 0);

  const run = async (env: Record<string, string>) => {
    const script = join(import.meta.dirname, "secure-client.ts");
    const { stdout } = await promisify(execFile)(process.execPath, ["--import", "tsx", script, proxy.url], {
      env: { ...process.env, ...env },
    });
    return JSON.parse(stdout);
  };
  expect(await run({ NODE_EXTRA_CA_CERTS: files.cert })).toEqual({ https: "over https", wss: "over wss" });
  expect(await run({})).toEqual({
    https: expect.stringContaining("self-signed certificate"),
    wss: expect.stringContaining("self-signed certificate"),
  });
  expect(proxy.tunnels.filter((to) => to === "secure.test:443")).toHaveLength(4);
});
