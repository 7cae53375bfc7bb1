import type { ServerResponse } from "node:http";
import type { World } from "../world/world.ts";

/** Serves an attachment under a signed link; 404 when the link is unsigned, wrong or expired, as Discord's CDN does. */
export function serveFile(
  world: World,
  path: string,
  query: URLSearchParams,
  response: ServerResponse,
): void {
  const expires = Number.parseInt(query.get("ex") ?? "", 16);
  const file = world.files.get(path.split("/")[3] ?? "");
  const isSigned = query.get("hm") === world.sign(path, expires) && expires > world.clock.now();
  if (!file || !isSigned) {
    response.writeHead(404, { "content-type": "text/plain" }).end("This content is no longer available.");
    return;
  }
  response
    .writeHead(200, { "content-type": file.contentType, "content-length": file.bytes.byteLength })
    .end(file.bytes);
}
