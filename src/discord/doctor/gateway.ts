import { WebSocket } from "undici";
import { findings } from "../../conversation/finding.ts";
import type { Finding } from "../../conversation/ports.ts";
import type { GatewayState } from "../command.ts";
import type { SessionFacts } from "./shapes.ts";

const check = findings("Discord gateway");

/** Logins that should be left: a crash loop uses 288 a day. */
const FEW_STARTS = 300;

/** How many logins are left today. */
export function lookAtStarts({ session_start_limit }: SessionFacts): Finding {
  const { total, remaining, reset_after } = session_start_limit;
  const left = `${remaining} of ${total} logins are left`;
  const hours = Math.ceil(reset_after / 3_600_000);
  if (remaining > FEW_STARTS) return check.ok(`${left} today.`);
  const sentence = `${left} for the next ${hours} h; Discord resets the token when there are none.`;
  const advice =
    "Something starts the bot again and again: look at its last log lines and stop it until then.";
  return remaining === 0 ? check.problem(sentence, advice) : check.warning(sentence, advice);
}

/** How the bot's own connection is. */
export function lookAtState({ connected, pingMs }: GatewayState): Finding {
  if (!connected)
    return check.problem(
      "The bot is not connected to Discord's gateway.",
      "Look at the log; it connects again by itself.",
    );
  const ping = pingMs === undefined ? "" : `, ${Math.round(pingMs)} ms away`;
  return check.ok(`Connected${ping}.`);
}

/** Whether a WebSocket to the gateway opens and is greeted. Nothing is sent, so no login is used up. */
export async function lookAtGreeting(url: string, signal: AbortSignal): Promise<Finding> {
  const isGreeted = await greeting(`${url}?v=10&encoding=json`, signal).catch(() => false);
  return isGreeted
    ? check.ok("The gateway answers over WebSocket.")
    : check.problem(
        "The gateway does not answer over WebSocket, so the bot would never come online.",
        "Allow WebSocket connections to gateway.discord.gg on port 443, in the firewall and in the proxy (CONNECT).",
      );
}

/** True once the first message came: Discord says hello (opcode 10). */
function greeting(url: string, signal: AbortSignal): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = new WebSocket(url);
    const end = (isGreeted: boolean) => {
      resolve(isGreeted);
      socket.close();
    };
    socket.addEventListener("message", ({ data }) => end(/"op":\s*10\b/.test(String(data))));
    socket.addEventListener("error", () => end(false));
    socket.addEventListener("close", () => resolve(false));
    signal.addEventListener("abort", () => end(false), { once: true });
  });
}
