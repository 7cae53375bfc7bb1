import { DiscordAPIError } from "discord.js";
import { describe, expect, it } from "vitest";
import { BridgeError } from "../../src/conversation/errors.ts";
import { createLog } from "../../src/telemetry/log.ts";
import { createLines } from "./lines.ts";

const BOT_TOKEN = "MARKER-bot-token-0123456789";
const INTERACTION_TOKEN = "aW50ZXJhY3Rpb246MARKERinteraction";
const PROMPT = "MARKER-what-the-person-wrote";

async function openLog(
  extra: { pretty?: boolean; secrets?: readonly string[]; level?: "debug" | "info" } = {},
) {
  const lines = createLines();
  const log = await createLog({
    level: extra.level ?? "debug",
    pretty: extra.pretty ?? false,
    destination: lines,
    secrets: extra.secrets ?? [BOT_TOKEN],
    fields: { service: "kagent-discord" },
  });
  return { lines, log };
}

function discordError() {
  const url = `https://discord.com/api/v10/webhooks/1234567890/${INTERACTION_TOKEN}/messages/@original`;
  const body = { code: 10062, message: "Unknown interaction" };
  return new DiscordAPIError(body, 10062, 404, "PATCH", url, { body: { content: PROMPT }, files: [] });
}

describe("log", () => {
  it("writes one JSON object a line with level name, ISO time, fields and message", async () => {
    const { lines, log } = await openLog();
    log.child({ turnId: "t1" }).info({ agent: "k8s-agent" }, "turn started");
    expect(lines.records()).toEqual([
      {
        level: "info",
        time: expect.stringMatching(/^\d{4}-\d\d-\d\dT.*Z$/),
        service: "kagent-discord",
        turnId: "t1",
        agent: "k8s-agent",
        msg: "turn started",
      },
    ]);
    expect(lines.text()).toMatch(/^[^\n]+\n$/);
  });

  it("leaves out what is below its level", async () => {
    const { lines, log } = await openLog({ level: "info" });
    log.debug({}, "detail");
    log.warn({}, "trouble");
    expect(lines.records().map((record) => record.msg)).toEqual(["trouble"]);
  });

  it("never prints the URL token or the request body of a failed Discord request", async () => {
    const { lines, log } = await openLog();
    const err = discordError();
    log.error({ err }, "reply failed");
    log.error({ err: new BridgeError("discord-failed", "Try again.", { cause: err }) }, "reply failed");
    log.error({ nested: { failures: [err] } }, `gave up on ${err.url}`);
    expect(lines.text()).not.toContain(INTERACTION_TOKEN);
    expect(lines.text()).not.toContain(PROMPT);
    expect(lines.records()[0]?.err).toMatchObject({
      name: "DiscordAPIError[10062]",
      message: "Unknown interaction",
      code: 10062,
      status: 404,
      method: "PATCH",
      stack: expect.stringContaining("log.test.ts"),
    });
    expect(lines.records()[1]?.err).toMatchObject({ code: "discord-failed", cause: { code: 10062 } });
  });

  it("masks interaction callbacks and authorization values in free text", async () => {
    const { lines, log } = await openLog({ secrets: [] });
    log.warn(
      {},
      `POST /interactions/123456/${INTERACTION_TOKEN}/callback with Bearer abcdefghijklmnopqrstu failed`,
    );
    expect(lines.records()[0]?.msg).toBe("POST /interactions/123456/***/callback with Bearer *** failed");
  });

  it.each([
    ["an interaction token by itself", `the token ${INTERACTION_TOKEN} expired`, "the token *** expired"],
    ["a bot token", `MTEyMjMzNDQ1NTY2Nzc4ODk5.Gabcde.${"x".repeat(38)} is refused`, "*** is refused"],
    ["a JSON Web Token", "sent eyJhbGciOiJSUzI1NiJ9.eyJzdWIiOiJib3QifQ.c2lnbmF0dXJl there", "sent *** there"],
    ["an address with a password", "at http://bot:pass@proxy:3128/x", "at http://***@proxy:3128/x"],
    [
      "a webhook of Slack",
      "to https://hooks.slack.com/services/T0/B0/xyz now",
      "to https://hooks.slack.com/services/*** now",
    ],
    ["a token in a query", "GET /a?page=2&access_token=abc&x=1", "GET /a?page=2&access_token=***&x=1"],
  ])("masks %s, whosever it is", async (_what, text, masked) => {
    const { lines, log } = await openLog({ secrets: [] });
    log.warn({}, text);
    expect(lines.records()[0]?.msg).toBe(masked);
  });

  it("masks a secret as Go and HTML write it", async () => {
    const { lines, log } = await openLog({ secrets: ["MARKER<&>secret"] });
    log.warn({}, "MARKER\\u003c\\u0026\\u003esecret and MARKER&lt;&amp;&gt;secret");
    expect(lines.records()[0]?.msg).toBe("*** and ***");
  });

  it("leaves out what an error quotes of people", async () => {
    const { lines, log } = await openLog();
    const body = { code: 50035, message: `Value "${PROMPT}" is not a snowflake` };
    const request = { body: { content: PROMPT }, files: [] };
    log.warn({ err: new DiscordAPIError(body, 50035, 400, "POST", "https://x", request) }, "refused");
    for (const text of [PROMPT, `{"a":${PROMPT}`]) {
      try {
        JSON.parse(text);
      } catch (err) {
        log.warn({ err }, "unreadable");
      }
    }
    const file = new BridgeError("file-refused", `The file “${PROMPT}.log” is larger than 100 kB.`);
    log.warn({ err: file }, "refused");
    expect(lines.text()).not.toContain("MARKER");
    const messages = lines.records().map(({ err }) => Object(err).message);
    expect(messages).toEqual([
      'Value "…" is not a snowflake',
      "it is not valid JSON",
      expect.stringContaining("valid JSON"),
      "The file “…” is larger than 100 kB.",
    ]);
  });

  it.each([false, true])(
    "replaces known secrets wherever they are in a line (pretty: %s)",
    async (pretty) => {
      const quoted = 'MARKER"quoted\\secret';
      const { lines, log } = await openLog({ pretty, secrets: [BOT_TOKEN, quoted, "MARKER spaced secret"] });
      const child = log.child({ [`key-${BOT_TOKEN}`]: BOT_TOKEN });
      child.error(
        { err: new Error(`login with ${BOT_TOKEN}`), list: [quoted] },
        `url ?t=MARKER%20spaced%20secret`,
      );
      expect(lines.text()).not.toMatch(/MARKER/);
      expect(lines.text()).toContain("***");
    },
  );

  it("masks values under secret names at any depth, and counts bytes", async () => {
    const { lines, log } = await openLog({ secrets: [] });
    const request = { headers: { authorization: "MARKER" }, inner: { apiToken: "MARKER" } };
    log.info({ request, cookie: "MARKER", usage: { inputTokens: 12 }, file: new Uint8Array(5) }, "sent");
    expect(lines.records()[0]).toMatchObject({
      request: { headers: "***", inner: { apiToken: "***" } },
      cookie: "***",
      usage: { inputTokens: 12 },
      file: "[5 bytes]",
    });
  });

  it("does not tear words apart for a short secret", async () => {
    const { lines, log } = await openLog({ secrets: ["prod", ""] });
    log.info({}, "production is up");
    expect(lines.records()[0]?.msg).toBe("production is up");
  });

  it("logs circular fields and throwing getters without failing", async () => {
    const { lines, log } = await openLog();
    const circle: Record<string, unknown> = { n: 10n };
    circle.self = circle;
    const trap = {
      get broken(): string {
        throw new Error("no");
      },
    };
    log.info({ circle }, "one");
    log.info({ trap }, "two");
    expect(lines.records().map((record) => record.msg)).toEqual(["one", "two"]);
  });

  it("describes aggregate errors and thrown texts", async () => {
    const { lines, log } = await openLog();
    log.error({ err: new AggregateError([new Error("first"), "second"], "both") }, "failed");
    log.error({ err: "only text" }, "failed");
    expect(lines.records()[0]?.err).toMatchObject({ errors: [{ message: "first" }, { message: "second" }] });
  });

  it("writes readable lines when asked to be pretty", async () => {
    const { lines, log } = await openLog({ pretty: true });
    log.info({ agent: "k8s-agent" }, "turn started");
    expect(lines.text()).toContain("turn started");
    expect(lines.text()).not.toMatch(/^\{/);
  });
});
