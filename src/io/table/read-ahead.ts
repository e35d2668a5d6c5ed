/** Stages of a pipeline that work at the same time: one makes the next value while the other still uses the last. */

/**
 * @param values - begun at once, and kept a value ahead of whoever iterates over the result
 * @returns the same values in the same order
 */
export async function* readAhead<T>(values: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const iterator = values[Symbol.asyncIterator]();
  const pull = () => {
    const next = iterator.next();
    // It is heard when its turn comes, or never, if the iteration ends before.
    next.catch(() => {});
    return next;
  };
  try {
    let next = pull();
    for (;;) {
      const { done, value } = await next;
      if (done) return;
      next = pull();
      yield value;
    }
  } finally {
    await iterator.return?.();
  }
}
