import type { World } from "../../emulator/discord/world/world.ts";
import { allSecrets, allTexts, interactionToken, type Marker, secrets, texts } from "./markers.ts";
import type { Stage } from "./stage.ts";

/** A place where something could be read that nobody may read there. */
export interface Sink {
  readonly name: string;
  readonly forbids: readonly Marker[];
  /** What is there in the end: a place that is empty proves nothing. */
  readonly has: RegExp;
  read(stage: Stage): string | Promise<string>;
}

const everything = [...allSecrets, ...allTexts];

/** Everywhere that the bot writes. A new way out of the process gets a row here. */
export const sinks: readonly Sink[] = [
  {
    name: "standard output and error",
    forbids: everything,
    has: /"msg":"turn over"/,
    read: ({ bot }) => bot.output(),
  },
  ...(
    [
      ["/metrics", /turns_total\{[^}]*failed/],
      ["/readyz", /"stage":"running"/],
      ["/livez", /ok/],
      ["/startupz", /ok/],
      ["/version", /kagent-discord/],
    ] as const
  ).map(([path, has]) => ({ name: path, forbids: everything, has, read: ({ probe }: Stage) => probe(path) })),
  {
    name: "the audit files",
    // Why somebody rejected something is evidence: docs/approvals.md.
    forbids: everything.filter((one) => one !== texts.reason),
    has: /"argsHash"/,
    read: ({ audit }) => audit(),
  },
  {
    name: "the exported traces",
    forbids: everything,
    has: /invoke_agent/,
    read: ({ collector }) => collector.received(),
  },
  { name: "Discord", forbids: allSecrets, has: /zqAns/, read: ({ discord }) => posted(discord.world) },
  {
    name: "kagent, beside its own credentials",
    forbids: [
      secrets.botToken,
      interactionToken,
      secrets.auditKey,
      secrets.proxyPassword,
      secrets.otlpHeader,
      secrets.webhook,
    ],
    has: /x-user-id/,
    read: ({ kagent }) =>
      kagent.requests.map(({ path, query, headers }) => JSON.stringify({ path, query, headers })).join("\n"),
  },
];

/** All that the bot said, also what it changed later, in private and in forms. */
function posted(world: World): string {
  const messages = [...world.channels.values()]
    .flatMap((channel) => [...channel.messages.values()])
    .filter(({ author }) => author.id === world.bot.id);
  const said = messages.map(({ content, history, embeds, components, attachments }) => [
    content,
    history.map((version) => version.content),
    embeds,
    components,
    attachments.map(({ filename, bytes }) => [filename, Buffer.from(bytes).toString("utf8")]),
  ]);
  const forms = [...world.interactions.values()].map(({ modal }) => [modal?.title, modal?.components]);
  const names = [...world.channels.values()].map(({ name }) => name);
  return JSON.stringify([said, forms, names]);
}
