/**
 * Work side by side, within bounds: results in order, so many at once, so many ahead.
 *
 * @module
 */

/** How much may be under way. */
export interface Bounds {
  /** Works at once, ≥ 1. */
  readonly concurrency: number;
  /** Results under way or waiting to be taken, ≥ 1. */
  readonly ahead: number;
}

/**
 * Works on items and gives the results in their order.
 *
 * Work goes on while nobody asks, until `ahead` results wait. A failure is thrown in its turn, so that the
 * same one is thrown however fast the others were. Whoever leaves the loop waits for the works that have
 * begun; none begins after.
 */
export async function* inOrder<T, R>(
  items: Iterable<T>,
  work: (item: T) => Promise<R>,
  { concurrency, ahead }: Bounds,
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
