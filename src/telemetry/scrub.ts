/** What stands where a secret was. */
export const MASK = "***";

/** Shorter values are no secrets worth the name, and replacing them would tear words apart. */
const SHORTEST_SECRET = 8;

/** Discord's interaction and webhook tokens stand in URL paths and are good for posting for 15 minutes or for ever. */
const DISCORD_URL = /(\/(?:webhooks|interactions)\/\d+\/)[^\s"'\\/?]+/g;
const CREDENTIALS = /\b(Bearer|Bot|Basic)(\s+)[\w.~+/=-]{16,}/g;

/**
 * A function that masks the known `secrets` in any text, as they are, as JSON writes them and as URLs write them, and
 * everything that looks like an interaction token or an authorization value.
 */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const known = knownSecrets(secrets);
  return (text) => {
    const unknown = text.replace(DISCORD_URL, `$1${MASK}`).replace(CREDENTIALS, `$1$2${MASK}`);
    return known ? unknown.replace(known, MASK) : unknown;
  };
}

function knownSecrets(secrets: readonly string[]): RegExp | undefined {
  const forms = secrets
    .filter((secret) => secret.length >= SHORTEST_SECRET)
    .flatMap((secret) => [secret, JSON.stringify(secret).slice(1, -1), encodeURIComponent(secret)]);
  if (forms.length === 0) return undefined;
  // Longest first: a secret that begins with another one must go as a whole.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(escaped).join("|"), "g");
}

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
