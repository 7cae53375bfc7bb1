/** Wakes whoever waits for the world to change. */
export interface Waiting {
  /** Something changed: every condition is looked at again. */
  poke(): void;
  /**
   * Waits for `condition` to give something truthy and returns it. It is looked at again on every change, and a few
   * times a second for what the world does not know, such as a client's own state. Throws after `within` ms (default 20000,
   * real time: it is for what never comes, also on a busy machine), with `describe()` in the message.
   */
  until<T>(condition: () => T | Promise<T>, options?: UntilOptions): Promise<NonNullable<T>>;
  stop(): void;
}

export interface UntilOptions {
  readonly within?: number;
  /** What is waited for, in words, for the message of a failure. */
  readonly what?: string;
}

const USUAL_WAIT_MS = 20_000;
const RECHECK_MS = 25;

export function createWaiting(describe: () => string): Waiting {
  const waiters = new Set<() => void>();
  let isPlanned = false;
  const wake = () => {
    isPlanned = false;
    for (const look of [...waiters]) look();
  };
  return {
    poke() {
      // Many changes in one go are one reason to look again.
      if (isPlanned || waiters.size === 0) return;
      isPlanned = true;
      setImmediate(wake);
    },
    until(condition, options = {}) {
      return waitFor(waiters, condition, describe, options);
    },
    stop: () => waiters.clear(),
  };
}

function waitFor<T>(
  waiters: Set<() => void>,
  condition: () => T | Promise<T>,
  describe: () => string,
  options: UntilOptions,
): Promise<NonNullable<T>> {
  return new Promise((resolve, reject) => {
    const finish = (settle: () => void) => {
      clearTimeout(timer);
      clearInterval(net);
      waiters.delete(look);
      settle();
    };
    const judge = (value: T) => {
      if (value !== undefined && value !== null && isTruthy(value)) finish(() => resolve(value));
    };
    const look = () => {
      try {
        const value = condition();
        if (value instanceof Promise) value.then(judge, (error) => finish(() => reject(error)));
        else judge(value);
      } catch (error) {
        finish(() => reject(error));
      }
    };
    const within = options.within ?? USUAL_WAIT_MS;
    const giveUp = () => {
      const what = options.what ?? condition.toString().replace(/^(async )?\(\) => /, "");
      finish(() => reject(new Error(`not within ${within} ms: ${what}\n${describe()}`)));
    };
    const timer = setTimeout(giveUp, within);
    const net = setInterval(look, RECHECK_MS);
    waiters.add(look);
    look();
  });
}

function isTruthy(value: unknown): boolean {
  return Boolean(value);
}
