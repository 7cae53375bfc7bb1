/**
 * Values that betray every leak: each is one tag again and again, so that a piece of it tells whose it is, wherever
 * something was cut.
 */
export interface Marker {
  readonly name: string;
  readonly tag: string;
  readonly value: string;
}

function marker(name: string, tag: string, value = tag.repeat(9)): Marker {
  return { name, tag, value };
}

/** What nobody may ever read. */
export const secrets = {
  // In the form of Discord's own.
  botToken: marker("bot token", "zqBot", `${"zqBot".repeat(5)}.zqBotx.${"zqBot".repeat(8)}`),
  agentToken: marker("agent token", "zqAgt"),
  header: marker("header of a cluster", "zqHdr"),
  literalHeader: marker("header that stands in the file", "zqLit"),
  auditKey: marker("audit key", "zqKey"),
  proxyPassword: marker("proxy password", "zqPrx"),
  otlpHeader: marker("OTLP header", "zqOtl"),
  webhook: marker("webhook", "zqWeb"),
} as const;

/** What people write and agents answer: for Discord and the agents alone. */
export const texts = {
  prompt: marker("prompt", "zqPrm", "zqPrm why is zqPrm checkout failing zqPrm since zqPrm noon? zqPrm"),
  file: marker("file content", "zqFil", "zqFil customers zqFil and their cards zqFil"),
  fileName: marker("file name", "zqNam", "zqNam-zqNam-zqNam-zqNam.txt"),
  quoted: marker("quoted message", "zqQuo", "zqQuo alert zqQuo for the shop zqQuo"),
  form: marker("form answer", "zqFrm", "zqFrm it is the zqFrm third one zqFrm"),
  reason: marker("reason of a rejection", "zqRea", "zqRea not zqRea now zqRea please"),
  args: marker("tool arguments", "zqArg", "zqArg secret zqArg value zqArg"),
  answer: marker("answer", "zqAns", "zqAns the pods zqAns are fine zqAns"),
} as const;

/** Discord's interaction tokens all begin so. */
export const interactionToken = marker("interaction token", "aW50ZXJhY3Rpb246");

/** Nothing hides it: it proves that the search finds what is there. */
export const planted = marker("planted text", "zqPla", "zqPla-zqPla-zqPla");

export const allSecrets: readonly Marker[] = [...Object.values(secrets), interactionToken];
export const allTexts: readonly Marker[] = Object.values(texts);

/** The names of the markers that are in `text`, as they are, in base64 or in hexadecimal. */
export function leaksIn(text: string, markers: readonly Marker[]): readonly string[] {
  return markers
    .filter(({ tag, value }) => formsOf(tag, value).some((form) => text.includes(form)))
    .map(({ name }) => name);
}

function formsOf(tag: string, value: string): readonly string[] {
  const bytes = Buffer.from(value.includes(tag.repeat(3)) ? tag.repeat(3) : value.slice(0, 18));
  // Three bytes become four letters, so there are three ways in which it can stand in a longer text.
  const aligned = [0, 1, 2].map((skip) => bytes.subarray(skip, skip + 9).toString("base64"));
  return [tag, ...aligned, Buffer.from(tag).toString("hex")];
}
