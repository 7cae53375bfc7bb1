import { z } from "zod";

/** What doctor reads of Discord's answers; everything else is dropped. https://docs.discord.com/developers/resources */
const bits = z.string().regex(/^\d+$/).transform(BigInt);

const application = z.object({
  id: z.string(),
  flags: z.number().default(0),
  bot_public: z.boolean().default(false),
  bot_require_code_grant: z.boolean().default(false),
  bot: z.object({ id: z.string() }).optional(),
});

const session = z.object({
  url: z.string(),
  session_start_limit: z.object({ total: z.number(), remaining: z.number(), reset_after: z.number() }),
});

const role = z.object({ id: z.string(), name: z.string(), permissions: bits, mentionable: z.boolean() });
const guild = z.object({ id: z.string(), name: z.string(), owner_id: z.string(), roles: z.array(role) });
const member = z.object({
  roles: z.array(z.string()),
  communication_disabled_until: z.string().nullish(),
});
const channel = z.object({
  id: z.string(),
  type: z.number(),
  name: z.string().nullish(),
  guild_id: z.string().nullish(),
  parent_id: z.string().nullish(),
  permission_overwrites: z.array(z.object({ id: z.string(), allow: bits, deny: bits })).default([]),
});

export type ApplicationFacts = z.output<typeof application>;
export type SessionFacts = z.output<typeof session>;
export type GuildFacts = z.output<typeof guild>;
export type MemberFacts = z.output<typeof member>;
export type ChannelFacts = z.output<typeof channel>;

/** Each throws on an answer of another shape. */
export const readApplicationFacts = (value: unknown): ApplicationFacts => application.parse(value);
export const readSessionFacts = (value: unknown): SessionFacts => session.parse(value);
export const readGuildFacts = (value: unknown): GuildFacts => guild.parse(value);
export const readMemberFacts = (value: unknown): MemberFacts => member.parse(value);
export const readChannelFacts = (value: unknown): ChannelFacts => channel.parse(value);
export const readGuildList = (value: unknown) => z.array(guild.pick({ id: true, name: true })).parse(value);
