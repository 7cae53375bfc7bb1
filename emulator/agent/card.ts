import type { Agent } from "./agent.ts";
import { hitlExtension } from "./confirmation-v1-0.ts";
import { isPython } from "./dialect.ts";
import { pythonName } from "./encoder.ts";
import type { JsonObject } from "./json.ts";

/** The address that cards name: never the one a client came by, as with a controller behind a Service. */
const elsewhere = "http://127.0.0.1:8083";

function common({ definition }: Agent): JsonObject {
  return {
    defaultInputModes: ["text"],
    defaultOutputModes: ["text"],
    description: definition.description,
    name: pythonName(definition.name),
    version: "",
  };
}

function skillsOf({ definition }: Agent): JsonObject[] {
  return (definition.skills ?? []).map(({ description, examples, id, name, tags }) => ({
    description,
    examples: [...examples],
    id,
    name,
    tags: [...tags],
  }));
}

/** The card as a controller serves it: keys of both wire forms at once. The main controller has the 1.0 keys only. */
export function controllerCard(agent: Agent, main: boolean): JsonObject {
  const url = `${elsewhere}/api/a2a/${agent.namespace}/${agent.definition.name}/`;
  const over = (protocolVersion: string) => ({ url, protocolBinding: "JSONRPC", protocolVersion });
  const card = { ...common(agent), skills: skillsOf(agent), capabilities: { streaming: true } };
  if (main) return { ...card, supportedInterfaces: [over("1.0")] };
  return {
    ...card,
    supportedInterfaces: [over("0.3"), over("1.0")],
    url,
    protocolVersion: "0.3",
    preferredTransport: "JSONRPC",
  };
}

/** The card that an agent process serves itself; each runtime writes its own. */
export function processCard(agent: Agent): JsonObject {
  const url = "http://127.0.0.1:8080";
  const card = { ...common(agent), skills: skillsOf(agent) };
  if (agent.dialect.speaks === "1.0") {
    return {
      ...card,
      supportedInterfaces: [{ url, protocolBinding: "JSONRPC", protocolVersion: "1.0" }],
      capabilities: {
        streaming: true,
        extensions: [{ uri: hitlExtension, description: "Human in the loop" }],
      },
    };
  }
  const python = isPython(agent.dialect);
  const stream = agent.definition.stream ?? true;
  const capabilities: JsonObject = python
    ? { pushNotifications: false, stateTransitionHistory: true, streaming: true }
    : { stateTransitionHistory: true, ...(stream ? { streaming: true } : {}) };
  return {
    ...card,
    capabilities,
    preferredTransport: "JSONRPC",
    protocolVersion: python ? "0.3.0" : "",
    url,
  };
}
