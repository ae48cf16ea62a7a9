/**
 * Concurrent work whose results come in order, with limits on how much is done at once and ahead.
 *
 * @module
 */

/** Limits of concurrent work. */
export interface WorkLimits {
  /** Items worked on at once, ≥ 1. */
  readonly concurrency: number;
  /** Results in progress or waiting to be taken, ≥ 1. */
  readonly ahead: number;
}

/**
 * Works on items concurrently and yields the results in the order of the items.
 *
 * Work continues while the consumer is busy, until `ahead` results wait. A failure is thrown in its turn, so
 * that the same one is thrown however fast the other items were. Leaving the loop waits for the work that has
 * begun, and begins no more.
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
  { concurrency, ahead }: WorkLimits,
): AsyncGenerator<R, void, void> {
  const iterator = items[Symbol.iterator]();
  const results: Promise<R>[] = [];
  let working = 0;
  let over = false;
  const begin = () => {
    while (!over && working < concurrency && results.length < ahead) {
      const { done, value } = iterator.next();
      if (done) {
        over = true;
        return;
      }
      working += 1;
      const result = work(value).finally(() => {
        working -= 1;
        begin();
      });
      result.catch(() => {}); // it is thrown in its turn
      results.push(result);
    }
  };
  try {
    begin();
    while (results.length > 0) {
      const result = await (results[0] as Promise<R>);
      results.shift();
      begin();
      yield result;
    }
  } finally {
    over = true;
    await Promise.allSettled(results);
  }
}
