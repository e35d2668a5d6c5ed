/** Lets the stages of a pipeline work at the same time: one stage makes the next value while another still uses the last one. */

/**
 * @param values - iterated one value ahead of the consumer of the result
 * @returns the same values in the same order
 */
export async function* readAhead<T>(values: AsyncIterable<T>): AsyncGenerator<T, void, undefined> {
  const iterator = values[Symbol.asyncIterator]();
  const pull = () => {
    const next = iterator.next();
    // A rejection is raised by the `await` below, or never if the iteration ends first.
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
