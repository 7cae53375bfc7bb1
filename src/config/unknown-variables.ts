import { nearestName } from "../conversation/nearest.ts";
import { splitList, type Variables } from "./environment.ts";
import { clusterVariable, VARIABLES, type Variable } from "./variables.ts";

/** What Kubernetes sets for every service of a namespace; one may be called kagent. */
const SERVICE_LINK = /_(SERVICE_HOST|SERVICE_PORT(_\w+)?|PORT(_\d+_(TCP|UDP|SCTP)(_(PROTO|PORT|ADDR))?)?)$/;
/** Any cluster may have an address and a token of its own. */
const OF_CLUSTER = /^KAGENT_[A-Z0-9_]+_(BASE_URL|TOKEN|TOKEN_FILE)$/;

/** One sentence for each variable that nothing reads and whose name is close to one that is read: `NAME: sentence`. */
export function misspeltVariables(variables: Variables): readonly string[] {
  const known = knownNames(splitList(variables.KAGENT_CLUSTERS) ?? []);
  const families = [...new Set(known.map((name) => name.slice(0, name.indexOf("_") + 1)))];
  const isOurs = (name: string) => families.some((family) => name.startsWith(family));
  return Object.keys(variables)
    .filter((name) => isOurs(name) && !known.includes(name) && (variables[name] ?? "").trim() !== "")
    .filter((name) => !SERVICE_LINK.test(name) && !OF_CLUSTER.test(name))
    .sort()
    .flatMap((name) => {
      const meant = nearestName(name, known);
      return meant === undefined ? [] : [`${name}: Nothing reads this variable. Did you mean ${meant}?`];
    });
}

function knownNames(clusters: readonly string[]): readonly string[] {
  const all: readonly Variable[] = VARIABLES;
  const names = all.flatMap(({ name, secret }) => (secret ? [name, `${name}_FILE`] : [name]));
  const own = clusters.flatMap((one) => [clusterVariable(one, "BASE_URL"), clusterVariable(one, "TOKEN")]);
  return [...names.filter((name) => !name.includes("<CLUSTER>")), ...own];
}
