/** As Helm puts values over the defaults: maps are joined, null removes, everything else replaces. */
export function merged(base: unknown, over: unknown): unknown {
  if (!isMap(base) || !isMap(over)) return over;
  const keys = new Set([...Object.keys(base), ...Object.keys(over)]);
  const entries = [...keys].map(
    (key) => [key, key in over ? merged(base[key], over[key]) : base[key]] as const,
  );
  return Object.fromEntries(entries.filter(([, value]) => value !== null));
}

function isMap(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
