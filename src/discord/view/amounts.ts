const UNITS = ["B", "KiB", "MiB", "GiB"];

/** A duration in milliseconds for people: `38 ms`, `4.2 s`, `42 s`, `3 min 12 s`, `1 h 5 min`. */
export function durationText(ms: number): string {
  if (ms < 95) return `${Math.max(0, Math.round(ms))} ms`;
  const seconds = ms / 1000;
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  if (whole < 60) return `${whole} s`;
  if (whole < 3600) return `${Math.floor(whole / 60)} min ${whole % 60} s`;
  return `${Math.floor(whole / 3600)} h ${Math.floor((whole % 3600) / 60)} min`;
}

/** A count with its word: `1 tool`, `1,234 tokens`. */
export function countText(count: number, word: string): string {
  return `${count.toLocaleString("en-US")} ${word}${count === 1 ? "" : "s"}`;
}

/** A size in bytes for people: `512 B`, `1.5 MiB`. */
export function sizeText(bytes: number): string {
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < UNITS.length - 1) {
    value /= 1024;
    unit++;
  }
  return `${Number(value.toFixed(1))} ${UNITS[unit]}`;
}

/** A moment that counts by itself in Discord, without edits; `ms` since the epoch. */
export function sinceText(ms: number): string {
  return `<t:${Math.floor(ms / 1000)}:R>`;
}
