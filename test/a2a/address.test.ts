import { expect, test } from "vitest";
import { readAddresses } from "../../src/a2a/address.ts";

const common = { name: "default", headers: {}, protocol: "auto" } as const;

test("a controller's address loses its last slash", () => {
  expect(readAddresses({ ...common, baseUrl: "http://kagent:8083/" }, "kagent")).toEqual({
    baseUrl: "http://kagent:8083",
  });
});

test("an agent's path at a controller tells the controller and the agent", () => {
  const agentUrl = "http://kagent:8083/sub/api/a2a/ops/k8s-agent";
  expect(readAddresses({ ...common, agentUrl }, "kagent")).toEqual({
    baseUrl: "http://kagent:8083/sub",
    single: { ref: { cluster: "default", namespace: "ops", name: "k8s-agent" }, url: `${agentUrl}/` },
  });
});

test("an agent process is named by the configuration, by its path, or not at all", () => {
  const named = readAddresses(
    { ...common, agentUrl: "http://a:8080", agent: { namespace: "x", name: "y" } },
    "kagent",
  );
  expect(named.single?.ref).toEqual({ cluster: "default", namespace: "x", name: "y" });
  expect(readAddresses({ ...common, agentUrl: "http://a:8080/helper/" }, "kagent").single).toEqual({
    ref: { cluster: "default", namespace: "kagent", name: "helper" },
    url: "http://a:8080/helper/",
  });
  expect(readAddresses({ ...common, agentUrl: "http://a:8080" }, "kagent").single?.ref.name).toBe("agent");
});
