const TOKENS = /"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * One spelling for all JSON texts that mean the same: keys sorted, no blanks, numbers in their shortest form unless that
 * would change them (beyond 2^53). Stores of agents re-write what they keep. A text that is no JSON stays as it is.
 */
export function canonicalJson(text: string): string {
  const numbersAsTexts = text.replace(TOKENS, (token) =>
    token.startsWith('"') ? `"s${token.slice(1)}` : JSON.stringify(`n${shortest(token)}`),
  );
  try {
    return JSON.stringify(JSON.parse(numbersAsTexts), sortKeys);
  } catch {
    return text;
  }
}

function shortest(token: string): string {
  const value = Number(token);
  return Number.isInteger(value) && !Number.isSafeInteger(value) ? token : String(value);
}

function sortKeys(_: string, value: unknown): unknown {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return value;
  return Object.fromEntries(Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1)));
}
