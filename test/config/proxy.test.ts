import { describe, expect, it } from "vitest";
import { secretsOf, withoutSecrets } from "../../src/config/config.ts";
import { configOf, mistakes } from "./setting.ts";

const PROXY = "http://bot:MARKER-password@proxy.test:3128";

describe("the proxies", () => {
  it("are read as other tools do: lower case counts first, and the protocol may be left out", () => {
    expect(configOf().proxy).toEqual({});
    expect(configOf({ HTTPS_PROXY: "proxy.test:3128", NO_PROXY: ".svc" }).proxy).toEqual({
      https: "http://proxy.test:3128/",
      except: ".svc",
    });
    const both = { HTTP_PROXY: "http://upper.test", http_proxy: "http://lower.test", no_proxy: "*" };
    expect(configOf(both).proxy).toEqual({ http: "http://lower.test/", except: "*" });
  });

  it.each(["socks5://proxy.test", "http://", "http://bot:MARKER%@proxy.test"])(
    "are refused when they are none, without repeating them: %s",
    (address) => {
      expect(mistakes({ HTTPS_PROXY: address })).toEqual([
        "HTTPS_PROXY: This is no http or https address. Write one such as http://proxy.example.com:3128.",
      ]);
    },
  );

  it("keep their password to themselves", () => {
    const config = configOf({ HTTP_PROXY: PROXY });
    expect(secretsOf(config)).toContain("MARKER-password");
    expect(JSON.stringify(withoutSecrets(config))).not.toContain("MARKER-password");
    expect(withoutSecrets(config).proxy).toEqual({ http: "http://***@proxy.test:3128/" });
  });
});
