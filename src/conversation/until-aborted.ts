/**
 * The items of a source until the signal is aborted. The source is not waited for then, whatever it is busy with: a
 * stop must work although nothing answers. One listener for the whole stream, since a stream has thousands of items.
 */
export async function* untilAborted<T>(source: AsyncIterable<T>, signal: AbortSignal): AsyncGenerator<T> {
  const iterator = source[Symbol.asyncIterator]();
  let giveUp = () => {};
  const onAbort = () => giveUp();
  signal.addEventListener("abort", onAbort);
  const next = () =>
    new Promise<IteratorResult<T> | undefined>((resolve, reject) => {
      giveUp = () => resolve(undefined);
      if (signal.aborted) giveUp();
      else iterator.next().then(resolve, reject);
    });
  try {
    for (let item = await next(); item && !item.done; item = await next()) yield item.value;
  } finally {
    signal.removeEventListener("abort", onAbort);
    iterator.return?.().then(undefined, () => {});
  }
}
