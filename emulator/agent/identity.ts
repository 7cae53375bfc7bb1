import { isObject, parseJson, textAt } from "./json.ts";
import type { SeenRequest } from "./request.ts";

/** Who may call: everybody (`unsecure`), or who brings any JWT (`trusted-proxy`; the signature is not looked at). */
export interface IdentityRules {
  readonly auth: "unsecure" | "trusted-proxy";
  /** A gateway in front that wants exactly this bearer token. */
  readonly token: string | undefined;
}

/** The user id of a request, or undefined for a 401. */
export function identify(rules: IdentityRules, request: SeenRequest): string | undefined {
  const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? "")?.[1];
  if (rules.token !== undefined && bearer !== rules.token) return undefined;
  const asked = new URLSearchParams(request.query).get("user_id") ?? request.headers["x-user-id"] ?? "";
  if (rules.auth === "unsecure") return asked === "" ? "admin@kagent.dev" : asked;
  const claims = readClaims(bearer);
  if (claims === undefined) return undefined;
  return request.headers["x-agent-name"] === undefined ? claims : asked;
}

function readClaims(token: string | undefined): string | undefined {
  const payload = token?.split(".").length === 3 ? token.split(".")[1] : undefined;
  if (payload === undefined) return undefined;
  const claims = parseJson(Buffer.from(payload, "base64url").toString("utf8"));
  return isObject(claims) ? textAt(claims, "sub") : undefined;
}
