import { describe, expect, it } from "vitest";
import { type Decider, guardFor, mayDecide } from "../../src/conversation/policy.ts";
import { configOf, mistakes } from "./setting.ts";

const SRE = "112233445566778899";
const SECURITY = "223344556677889900";
const ANA = "334455667788990011";

describe("the approvals of the configuration", () => {
  it("are rules with defaults, in their order", () => {
    const yaml = `
approvals:
  rules:
    - tools: [k8s_get_*, k8s_describe_resource]
      effect: allow
    - agents: [vault-agent, "security/*"]
      effect: deny
    - clusters: [prod]
      roleIds: [${SRE}, ${SECURITY}]
      count: 2
      distinctRoles: true
      expiresAfterMinutes: 240
    - userIds: [${ANA}]
      askerMayApprove: true
      directMessages: true
  expiresAfterMinutes: 60
  channelId: ${SECURITY}
  remindAfterMinutes: 30
`;
    const everything = {
      agents: ["*"],
      clusters: ["*"],
      tools: ["*"],
      effect: "ask",
      roleIds: [],
      userIds: [],
    };
    const strict = { count: 1, distinctRoles: false, askerMayApprove: false, directMessages: false };
    expect(configOf({ KAGENT_CLUSTERS: "prod" }, yaml).approvals).toEqual({
      rules: [
        { ...everything, ...strict, tools: ["k8s_get_*", "k8s_describe_resource"], effect: "allow" },
        { ...everything, ...strict, agents: ["vault-agent", "security/*"], effect: "deny" },
        {
          ...everything,
          ...strict,
          clusters: ["prod"],
          roleIds: [SRE, SECURITY],
          count: 2,
          distinctRoles: true,
          expiresAfterMs: 14_400_000,
        },
        { ...everything, ...strict, userIds: [ANA], askerMayApprove: true, directMessages: true },
      ],
      expiresAfterMs: 3_600_000,
      channelId: SECURITY,
      remindAfterMs: 1_800_000,
    });
  });

  it("are one rule for everything from APPROVER_ROLES, in which the asker does not approve", () => {
    const { approvals, access } = configOf({ APPROVER_ROLES: `${SRE}, ${SECURITY}` });
    expect(approvals.rules).toMatchObject([
      { agents: ["*"], clusters: ["*"], tools: ["*"], effect: "ask", roleIds: [SRE, SECURITY], count: 1 },
    ]);
    const agent = { cluster: "default", namespace: "kagent", name: "k8s-agent" };
    const item = { kind: "operation", id: "1", callId: "1", tool: "k8s_scale", args: "{}" } as const;
    const guard = guardFor(approvals, agent, item);
    const decider = (id: string, roleIds: readonly string[]): Decider => ({
      actor: { id, name: id, roleIds, bot: false, manager: true },
      guildId: "9",
    });
    const context = { access, presence: { guildIds: ["9"] }, askerIds: ["asker"] };
    expect(mayDecide([guard], decider("ana", [SECURITY]), context).allowed).toBe(true);
    expect(mayDecide([guard], decider("ben", []), context).allowed).toBe(false);
    expect(mayDecide([guard], decider("asker", [SRE]), context).allowed).toBe(false);
  });

  it.each([
    [`[{}]`, "A rule that asks needs somebody who decides"],
    [`[{ tools: [a], count: 2 }]`, "A rule that asks needs somebody who decides"],
    [`[{ userIds: [${ANA}], count: 2 }]`, "It can never be reached: 2 approvals, 1 in userIds."],
    [`[{ roleIds: [${SRE}], distinctRoles: true }]`, "distinctRoles: One approval comes from one role"],
    [
      `[{ roleIds: [${SRE}, ${SRE}], count: 2, distinctRoles: true }]`,
      "distinctRoles: It needs as many roles as approvals: 2 approvals, 1 in roleIds.",
    ],
    [`[{ roleIds: [${SRE}], count: 0 }]`, "count: Must be at least 1."],
    [
      `[{ effect: allow, roleIds: [${SRE}] }]`,
      "roleIds: With the effect allow nobody is asked: leave roleIds out",
    ],
    [`[{ effect: deny, count: 2 }]`, "count: With the effect deny nobody is asked"],
    [`[{ effect: allow, tools: [ask_user] }]`, "tools[0]: A rule cannot answer questions"],
    [`[{ effect: deny, tools: [a, ask_user] }]`, "tools[1]: A rule cannot answer questions"],
    [`[{ roleIds: [${SRE}], directMessages: true }]`, "directMessages: Nobody has a role in direct messages"],
    [`[{ effect: alow }]`, "effect: Must be one of ask, allow, deny. Did you mean “allow”?"],
    [
      `[{ roleIds: [${SRE}], clusters: [prdo] }]`,
      "clusters[0]: There is no cluster “prdo”. Did you mean “prod”?",
    ],
    [`[{ roleIds: [${SRE}], tools: [] }]`, "tools: Must be at least 1 entries."],
    [`[{ roleId: [${SRE}] }]`, "There is no “roleId” here. Did you mean “roleIds”?"],
  ])("says in one sentence what is wrong with the rules %s", (rules, sentence) => {
    const found = mistakes({ KAGENT_CLUSTERS: "prod" }, `approvals: { rules: ${rules} }`);
    expect(found).toEqual([expect.stringContaining(sentence)]);
    expect(found[0]).toMatch(/^1:\d+ approvals\.rules\[0\]/);
  });

  it("say where the mistake is", () => {
    const yaml = `approvals:\n  rules:\n    - tools: [k8s_*]\n      effect: deny\n      count: 3\n`;
    expect(mistakes({}, yaml)).toEqual([expect.stringMatching(/^5:14 approvals\.rules\[0\]\.count: /)]);
  });

  it("name a rule that an earlier one hides", () => {
    const rules = (...all: readonly string[]) => `approvals: { rules: [${all.join(", ")}] }`;
    const hidden = (...all: readonly string[]) => mistakes({ KAGENT_CLUSTERS: "prod" }, rules(...all));
    const allow = "{ effect: allow, tools: [k8s_*] }";
    const sentence = "approvals.rules[1]: This rule never counts: rule 1 matches all of it";
    expect(hidden(allow, "{ effect: deny, tools: [k8s_delete_*] }")).toEqual([
      expect.stringContaining(sentence),
    ]);
    expect(hidden("{ effect: deny }", `{ roleIds: [${SRE}] }`)).toEqual([expect.stringContaining(sentence)]);
    expect(hidden(allow, "{ effect: deny, tools: [helm_*] }")).toEqual([]);
    expect(hidden("{ effect: deny, clusters: [prod] }", `{ roleIds: [${SRE}] }`)).toEqual([]);
    expect(hidden(`{ roleIds: [${SRE}] }`, `{ tools: [ask_user], userIds: [${ANA}] }`)).toEqual([]);
  });

  it("do not stand in two places", () => {
    const yaml = `approvals: { rules: [{ roleIds: [${SRE}] }] }`;
    expect(mistakes({ APPROVER_ROLES: SRE }, yaml)).toEqual([
      expect.stringContaining(
        "APPROVER_ROLES: It is one rule for everything, and the file has approvals.rules.",
      ),
    ]);
    expect(mistakes({ APPROVER_ROLES: "sre" })).toEqual([
      expect.stringContaining("APPROVER_ROLES: “sre” is not understood. A Discord id"),
    ]);
  });

  it("remind only where and while somebody can still act", () => {
    expect(mistakes({}, "approvals: { remindAfterMinutes: 5 }")).toEqual([
      "1:34 approvals.remindAfterMinutes: The reminder goes to approvals.channelId, which is not set.",
    ]);
    const late = `approvals: { channelId: ${SRE}, remindAfterMinutes: 60, expiresAfterMinutes: 60 }`;
    expect(mistakes({}, late)).toEqual([expect.stringContaining("By then a request has expired")]);
  });
});

describe("clusters", () => {
  it("bring label, colour and production to the cards", () => {
    const yaml = 'clusters: [{ name: prod, label: Production, color: "#d64545", production: true }]';
    expect(configOf({}, yaml).routing.clusters).toEqual([
      { name: "prod", label: "Production", color: 0xd64545, production: true },
    ]);
  });
});
