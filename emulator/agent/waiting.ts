/** Waiting for content: a condition is looked at again whenever something happened. */
export interface Waiting {
  /** The first value of `read` that is neither undefined nor false. Rejects after `timeoutMs`, 20 s when absent. */
  until<T>(read: () => T | undefined | false, timeoutMs?: number): Promise<T>;
  /** Something happened. */
  notify(): void;
}

export function createWaiting(): Waiting {
  const looks = new Set<() => void>();
  return {
    until: <T>(read: () => T | undefined | false, timeoutMs = 20_000) =>
      new Promise<T>((resolve, reject) => {
        const look = () => {
          const value = read();
          if (value === undefined || value === false) return;
          looks.delete(look);
          clearTimeout(timer);
          resolve(value);
        };
        const timer = setTimeout(() => {
          looks.delete(look);
          reject(new Error(`did not happen within ${timeoutMs} ms: ${String(read)}`));
        }, timeoutMs);
        looks.add(look);
        look();
      }),
    notify: () => {
      for (const look of [...looks]) look();
    },
  };
}
