import { describe, expect, it } from "vitest";
import type { Person } from "../../emulator/discord/people/person.ts";
import type { Role } from "../../emulator/discord/world/model.ts";
import { type PausedStory, paused, scaler, scaling } from "./pausing.ts";
import { type StoryOptions, sqliteStore } from "./story.ts";

/** Two roles and their people, and rules that may name them. */
async function withRoles(
  rules: (ids: { readonly sre: string; readonly lead: string }) => string,
  options: StoryOptions = {},
) {
  const roles: Role[] = [];
  const story = await paused(
    {
      ...options,
      furnish: (_, guild) => {
        roles.push(guild.createRole({ name: "sre" }), guild.createRole({ name: "lead" }));
      },
      yaml: () => {
        const [sre, lead] = roles;
        return `approvals:\n  rules:\n${rules({ sre: sre?.id ?? "", lead: lead?.id ?? "" })}\n`;
      },
    },
    options.env ? "Approve" : "",
  );
  const [sre, lead] = roles;
  if (!sre || !lead) throw new Error("no roles");
  const member = (name: string, ...own: Role[]): Person => story.discord.createPerson({ name, roles: own });
  return { ...story, sre, lead, member };
}

/** Somebody tries, and reads why not. */
async function isRefused(story: PausedStory, person: Person, why: string): Promise<void> {
  await person.clicks(await story.control("Approve"), "Approve");
  await story.reads(person, why);
  expect(story.kagent.decisions).toEqual([]);
}

describe("without rules", () => {
  it("a stranger reads who decides, and members with Manage Server decide", async () => {
    const story = await paused();
    const eve = story.discord.createPerson({ name: "eve" });
    await isRefused(story, eve, "Only members with Manage Server may decide this.");
    expect(story.discord.transcript(story.place)).not.toContain("may decide this");
    await story.boss.clicks(await story.control("Approve"), "Approve");
    await story.sees(story.place, "approved by boss");
  });

  it("a manager who asked may approve", async () => {
    const story = await paused();
    await story.boss.runs(story.ops, "/k8s", { prompt: "scale more" });
    const own = await story.discord.until(() => story.discord.threads(story.ops)[1]);
    await story.boss.clicks(await story.control("Approve", own), "Approve");
    await story.sees(own, "approved by boss");
  });

  it("nobody decides in direct messages", async () => {
    const story = await paused({ env: () => ({ DISCORD_DIRECT_MESSAGES: "true" }) });
    const dm = story.boss.dm();
    await story.boss.says(dm, "@bot scale");
    await story.boss.clicks(await story.control("Approve", dm), "Approve");
    await story.reads(story.boss, "This cannot be decided in direct messages.", dm);
    expect(story.kagent.decisions).toEqual([]);
  });

  it("a stranger gets no form for a reason, and a manager does", async () => {
    const story = await paused();
    const form = story.boss.clicks(await story.control("Reject with reason…"), "Reject with reason…");
    const modal = await (await form).modal();
    const eve = story.discord.createPerson({ name: "eve" });
    const hers = await eve.clicks(await story.control("Reject with reason…"), "Reject with reason…");
    expect((await hers.response()).type).not.toBe("modal");
    await story.boss.submits(modal, { Reason: "not now" });
    await story.sees(story.place, "rejected by boss");
    await story.sees(story.place, "“not now”");
  });
});

describe("a rule with roles", () => {
  const sreOnly = ({ sre }: { readonly sre: string }) => `    - roleIds: ["${sre}"]`;

  it("refuses everybody else, managers too, and names the role", async () => {
    const story = await withRoles(sreOnly);
    await isRefused(story, story.boss, `Only @sre may decide this.`);
    const sam = story.member("sam", story.sre);
    await sam.clicks(await story.control("Approve"), "Approve");
    await story.sees(story.place, "approved by sam");
    expect(await story.hasDecided(1)).toEqual(["approved"]);
  });

  it("does not let the asker approve, who may stop the run instead", async () => {
    const story = await withRoles(sreOnly);
    story.guild.giveRole(story.ana, story.sre);
    await isRefused(
      story,
      story.ana,
      "You prompted in this conversation, so somebody else has to decide this.",
    );
    await story.ana.runs(story.place, "/stop");
    await story.sees(story.place, "**Stopped**");
  });

  it("takes a colleague who prompted before for an asker, too", async () => {
    const story = await withRoles(sreOnly);
    const sam = story.member("sam", story.sre);
    const kim = story.member("kim", story.sre);
    await kim.clicks(await story.control("Reject"), "Reject");
    await story.sees(story.ops, "✅ done");
    await sam.says(story.place, "@bot continue");
    await story.discord.until(() => story.discord.transcript(story.place).includes("[Approve]"));
    await sam.clicks(await story.control("Approve"), "Approve");
    await story.reads(sam, "You prompted in this conversation");
    story.guild.giveRole(story.ana, story.sre);
    await story.ana.clicks(await story.control("Approve"), "Approve");
    await story.reads(story.ana, "You prompted in this conversation");
    await kim.clicks(await story.control("Approve"), "Approve");
    await story.sees(story.place, "approved by kim");
  });

  it("goes by the roles of the click: one taken away after the card was posted decides nothing", async () => {
    const story = await withRoles(sreOnly);
    const sam = story.member("sam", story.sre);
    const card = await story.control("Approve");
    story.guild.takeRole(sam, story.sre);
    await sam.clicks(card, "Approve");
    await story.reads(sam, "Only @sre may decide this.");
    story.guild.giveRole(sam, story.sre);
    await sam.clicks(card, "Approve");
    await story.sees(story.place, "approved by sam");
  });

  it("refuses a form whose role went away while it was filled in", async () => {
    const story = await withRoles(sreOnly);
    const sam = story.member("sam", story.sre);
    const form = await (
      await sam.clicks(await story.control("Reject with reason…"), "Reject with reason…")
    ).modal();
    story.guild.takeRole(sam, story.sre);
    await sam.submits(form, { Reason: "no" });
    await story.reads(sam, "Only @sre may decide this.");
    expect(story.kagent.decisions).toEqual([]);
  });
});

describe("a rule that asks for several approvals", () => {
  const two = ({ sre }: { readonly sre: string }) => `    - { roleIds: ["${sre}"], count: 2 }`;

  it("counts each person once, shows the count, and holds it over a restart", async () => {
    const url = sqliteStore();
    const story = await withRoles(two, { env: () => ({ STORE_URL: url }) });
    const { place, sees } = story;
    const sam = story.member("sam", story.sre);
    const kim = story.member("kim", story.sre);
    await sam.clicks(await story.control("Approve"), "Approve");
    await sees(place, "1 of 2 approvals: sam");
    await story.stopBot();
    await story.startBot();
    await sam.clicks(await story.control("Approve"), "Approve");
    await story.reads(sam, "somebody else is needed too");
    expect(story.kagent.decisions).toEqual([]);
    await kim.clicks(await story.control("Approve"), "Approve");
    await sees(place, "approved by sam, kim");
    expect(await story.hasDecided(1)).toEqual(["approved"]);
  });

  it("is ended by one rejection, also of somebody who approved before", async () => {
    const story = await withRoles(two);
    const sam = story.member("sam", story.sre);
    await sam.clicks(await story.control("Approve"), "Approve");
    await story.sees(story.place, "1 of 2 approvals: sam");
    await sam.clicks(await story.control("Reject"), "Reject");
    await story.sees(story.place, "rejected by sam");
    expect(await story.hasDecided(1)).toEqual(["rejected"]);
  });

  it("wants different roles where it says so", async () => {
    const rule = ({ sre, lead }: { readonly sre: string; readonly lead: string }) =>
      `    - { roleIds: ["${sre}", "${lead}"], count: 2, distinctRoles: true }`;
    const story = await withRoles(rule);
    const sam = story.member("sam", story.sre);
    const kim = story.member("kim", story.sre);
    const lou = story.member("lou", story.lead);
    await sam.clicks(await story.control("Approve"), "Approve");
    await story.sees(story.place, "1 of 2 approvals: sam");
    await kim.clicks(await story.control("Approve"), "Approve");
    await story.sees(story.place, "1 of 2 approvals: sam, kim");
    expect(story.kagent.decisions).toEqual([]);
    await lou.clicks(await story.control("Approve"), "Approve");
    await story.sees(story.place, "approved by sam, kim, lou");
    expect(await story.hasDecided(1)).toEqual(["approved"]);
  });
});

describe("a rule that decides by itself", () => {
  it("approves harmless tools at once, and the card says by rule", async () => {
    const story = await withRoles(() => `    - { tools: ["k8s_*"], effect: allow }`);
    await story.sees(story.place, "allowed by rule");
    await story.sees(story.place, "Decided: scaled to 4.");
    expect(await story.hasDecided(1)).toEqual(["approved"]);
    expect(story.discord.transcript(story.place)).not.toContain("[Approve]");
  });

  it("rejects forbidden tools at once, with the reason for the agent", async () => {
    const story = await withRoles(() => `    - { tools: [k8s_scale], effect: deny }`);
    await story.sees(story.place, "denied by rule");
    await story.sees(story.place, /Decided: .*A rule of the operator forbids this operation\./);
    expect(await story.hasDecided(1)).toEqual(["rejected"]);
    expect(story.kagent.toolRuns).toEqual([]);
  });

  it("leaves to people only what it does not decide", async () => {
    const story = await withRoles(
      ({ sre }) => `    - { tools: [k8s_get], effect: allow }\n    - { roleIds: ["${sre}"] }`,
      { agents: [scaler({}, [{ ...scaling(2), name: "k8s_get" }, scaling(4)])] },
    );
    const sam = story.member("sam", story.sre);
    await story.sees(story.place, "allowed by rule");
    expect(story.kagent.decisions).toEqual([]);
    await sam.clicks(await story.control("Approve all"), "Approve all");
    await story.sees(story.place, "approved by sam");
    expect(await story.hasDecided(1)).toEqual(["approved"]);
  });

  it("leaves what no rule matches to nobody", async () => {
    const story = await withRoles(({ sre }) => `    - { tools: [helm_*], roleIds: ["${sre}"] }`);
    await isRefused(story, story.boss, "No approval rule covers this operation, so nobody may decide it.");
    await isRefused(story, story.member("sam", story.sre), "No approval rule covers this operation");
  });
});

describe("a rule for direct messages", () => {
  it("lets the people that it names decide there", async () => {
    const dmRule = (id: string) =>
      `approvals:\n  rules:\n    - { userIds: ["${id}"], directMessages: true, askerMayApprove: true }\n`;
    let kim: Person | undefined;
    const story = await paused({
      furnish: (discord) => {
        kim = discord.createPerson({ name: "kim" });
      },
      env: () => ({ DISCORD_DIRECT_MESSAGES: "true" }),
      yaml: () => dmRule(kim?.id ?? ""),
    });
    if (!kim) throw new Error("no kim");
    const dm = kim.dm();
    await kim.says(dm, "@bot scale");
    await kim.clicks(await story.control("Approve", dm), "Approve");
    await story.sees(dm, "approved by kim");
    await story.sees(dm, "Decided: scaled to 4.");
  });
});

describe("a server that is not served", () => {
  it("decides nothing, although its owner manages it", async () => {
    const story = await paused({ env: ({ guild }) => ({ DISCORD_GUILD_IDS: guild.id }) });
    const foreign = story.discord.createGuild({ name: "foreign" });
    const channel = foreign.createChannel({ name: "here" });
    const owner = story.discord.createPerson({ name: "owner", guild: foreign, manager: true });
    // The same bot, the same custom id: forged into a message of a server of his own.
    const card = await story.control("Approve");
    const forged = { ...card, id: story.discord.world.nextId(), channelId: channel.id };
    channel.messages.set(forged.id, forged);
    await owner.clicks(forged, "Approve");
    await story.reads(owner, "This bot does not serve this server", channel);
    expect(story.kagent.decisions).toEqual([]);
  });
});

describe("stopping what waits", () => {
  it("is for askers, deciders and managers", async () => {
    const story = await withRoles(({ sre }) => `    - roleIds: ["${sre}"]`);
    await story.control("Approve");
    const eve = story.member("eve");
    await eve.runs(story.place, "/stop");
    await story.reads(eve, "Only people who asked here");
    const sam = story.member("sam", story.sre);
    await sam.runs(story.place, "/stop");
    await story.sees(story.place, "**Stopped**");
  });
});
