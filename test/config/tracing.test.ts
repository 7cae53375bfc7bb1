import { describe, expect, it } from "vitest";
import { secretsOf, withoutSecrets } from "../../src/config/config.ts";
import { readConfig } from "../../src/config/read.ts";
import { MINIMUM, reading } from "./setting.ts";

const read = (variables: Readonly<Record<string, string>>, files = {}) =>
  readConfig({ ...MINIMUM, ...variables }, reading(files));

describe("where traces go", () => {
  it.each([
    [{}, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://collector:4318" }, "http://collector:4318/v1/traces"],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "https://collector/otlp/" }, "https://collector/otlp/v1/traces"],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://all", OTEL_EXPORTER_OTLP_TRACES_ENDPOINT: "http://own/path" },
      "http://own/path",
    ],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://all", OTEL_SDK_DISABLED: "true" }, undefined],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "http://all", OTEL_TRACES_EXPORTER: "none" }, undefined],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://all", OTEL_EXPORTER_OTLP_PROTOCOL: "http/protobuf" },
      "http://all/v1/traces",
    ],
  ])("is read from %j", (variables, url) => {
    expect(read(variables).tracing.url).toBe(url);
  });

  it.each([
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: "collector:4318" }, /OTEL_EXPORTER_OTLP_ENDPOINT: This is no http/],
    [
      { OTEL_EXPORTER_OTLP_ENDPOINT: "http://all:4317", OTEL_EXPORTER_OTLP_PROTOCOL: "grpc" },
      /OTEL_EXPORTER_OTLP_PROTOCOL: .*http\/protobuf only.*4318/,
    ],
    [{ OTEL_SDK_DISABLED: "perhaps" }, /OTEL_SDK_DISABLED: .*true or false/],
    [{ OTEL_TRACES_EXPORTER: "zipkin" }, /OTEL_TRACES_EXPORTER: .*otlp, none/],
    [{ OTEL_EXPORTER_OTLP_HEADERS: "no-value-marker" }, /OTEL_EXPORTER_OTLP_HEADERS: This is no list/],
    [{ OTEL_EXPORTER_OTLP_HEADERS: "name=%E0%A4%A" }, /OTEL_EXPORTER_OTLP_HEADERS: This is no list/],
  ])("is refused when it is %j", (variables, sentence) => {
    expect(() => read(variables)).toThrow(sentence);
    expect(() => read(variables)).not.toThrow(/marker/);
  });
});

describe("headers for a collector", () => {
  it("are decoded, and those for traces alone count", () => {
    const headers = "Authorization=Bearer%20a-long-marker, x-tenant = ops ,";
    const { tracing } = read({
      OTEL_EXPORTER_OTLP_HEADERS: headers,
      OTEL_EXPORTER_OTLP_TRACES_HEADERS: "x-tenant=traces",
    });
    expect(tracing.headers).toEqual({ authorization: "Bearer a-long-marker", "x-tenant": "traces" });
  });

  it("come from a file too, and are secrets", () => {
    const config = read(
      { OTEL_EXPORTER_OTLP_HEADERS_FILE: "headers" },
      { headers: "api-key=a-long-marker\n" },
    );
    expect(config.tracing.headers).toEqual({ "api-key": "a-long-marker" });
    expect(secretsOf(config)).toContain("a-long-marker");
    expect(JSON.stringify(withoutSecrets(config))).not.toContain("a-long-marker");
  });
});
