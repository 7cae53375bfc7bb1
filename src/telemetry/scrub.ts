/** What stands where a secret was. */
export const MASK = "***";

/** Shorter values are no secrets worth the name, and replacing them would tear words apart. */
const SHORTEST_SECRET = 8;

/**
 * What is a secret by its form, whosever it is: the part after the first group, up to the second where there is one.
 * Discord's interaction and webhook tokens stand in URL paths and are good for posting for 15 minutes or for ever.
 */
const SECRET_FORMS: readonly RegExp[] = [
  /(\/(?:webhooks|interactions)\/\d+\/)[^\s"'\\/?]+/g,
  // An interaction token by itself: "interaction:" in base64.
  /(\b)aW50ZXJhY3Rpb246[\w-]+/g,
  // A bot token: the bot's id in base64, a time, a signature.
  /(\b)[\w-]{23,30}\.[\w-]{6,7}\.[\w-]{27,}/g,
  // A JSON Web Token, such as an OIDC proxy's.
  /(\b)eyJ[\w-]{10,}\.eyJ[\w-]{10,}\.[\w-]+/g,
  /(\b(?:Bearer|Bot|Basic)\s+)[\w.~+/=-]{16,}/g,
  // User and password in an address.
  /(\b[a-z][a-z0-9+.-]*:\/\/)[^\s/?#@"'\\]+(@)/gi,
  /(\bhooks\.slack\.com\/(?:services|workflows|triggers)\/)[\w/-]+/g,
  /([?&][\w-]*(?:token|secret|passw(?:or)?d|signature|api_?key)=)[^\s&"'\\]+/gi,
];

/**
 * A function that masks the known `secrets` in any text, as they are, as JSON and HTML write them and as URLs do, and
 * everything that looks like a token or a password.
 */
export function createScrubber(secrets: readonly string[]): (text: string) => string {
  const known = knownSecrets(secrets);
  return (text) => {
    const named = known ? text.replace(known, MASK) : text;
    return SECRET_FORMS.reduce(
      (rest, form) =>
        rest.replace(
          form,
          (_all, before: string, after: unknown) => `${before}${MASK}${after === "@" ? after : ""}`,
        ),
      named,
    );
  };
}

function knownSecrets(secrets: readonly string[]): RegExp | undefined {
  const forms = secrets.filter((secret) => secret.length >= SHORTEST_SECRET).flatMap(formsOf);
  if (forms.length === 0) return undefined;
  // Longest first: a secret that begins with another one must go as a whole.
  const longestFirst = [...new Set(forms)].sort((a, b) => b.length - a.length);
  return new RegExp(longestFirst.map(escaped).join("|"), "g");
}

function formsOf(secret: string): readonly string[] {
  const json = JSON.stringify(secret).slice(1, -1);
  // As Go writes JSON, and as pages of proxies write what they were sent.
  const inGo = json.replace(/[<>&]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
  const inHtml = secret.replace(/[<>&"]/g, (sign) => `&${HTML[sign]};`);
  return [secret, json, inGo, JSON.stringify(inGo).slice(1, -1), inHtml, encodeURIComponent(secret)];
}

const HTML: Readonly<Record<string, string>> = { "<": "lt", ">": "gt", "&": "amp", '"': "quot" };

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\/-]/g, "\\$&");
}
