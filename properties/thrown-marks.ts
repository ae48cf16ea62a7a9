/**
 * What is known of something that was thrown, beside what it says itself.
 *
 * @module
 */

/** Marks on what is thrown. What is no object, such as a number, bears none. */
export class ThrownMarks<T> {
  readonly #marks = new WeakMap<object, T>();

  /** Makes calls, and marks what they throw. */
  async on<R>(mark: T, calls: () => Promise<R>): Promise<R> {
    try {
      return await calls();
    } catch (error) {
      if (typeof error === 'object' && error !== null) this.#marks.set(error, mark);
      throw error;
    }
  }

  /** The mark of something that was thrown; undefined if it bears none. */
  of(error: unknown): T | undefined {
    return typeof error === 'object' && error !== null ? this.#marks.get(error) : undefined;
  }
}
