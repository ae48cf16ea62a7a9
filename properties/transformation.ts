/**
 * What a property did to a batch before the call that failed: a counterexample shows the batch as it was drawn.
 *
 * @module
 */

import { ThrownMarks } from './thrown-marks.js';

const TRANSFORMATIONS = new ThrownMarks<string>();

/** So many samples of an order are listed; further ones are counted. */
const MOST_LISTED = 64;

/**
 * Makes calls with a batch that was transformed, and compares their answers. What is thrown there is marked with
 * what was done.
 *
 * @param how - such as `the samples were reordered: …`
 */
export function transformed<T>(how: string, calls: () => Promise<T>): Promise<T> {
  return TRANSFORMATIONS.on(how, calls);
}

/** What was done to the batch before something was thrown; undefined if it was given as it was drawn. */
export function transformationOf(error: unknown): string | undefined {
  return TRANSFORMATIONS.of(error);
}

/** An order of samples in words: sample i of the permuted batch was sample `order[i]`. */
export function reordering(order: readonly number[]): string {
  const more = order.length - MOST_LISTED;
  const listed = order.slice(0, MOST_LISTED).join(', ');
  return `the samples were reordered: in the permuted batch, samples 0, 1, 2 … are samples ${listed}${more > 0 ? ` and ${more} more` : ''} of the batch below`;
}

/** A renaming of classes in words: class k of attribute j became class `names[j][k]`. */
export function classRenaming(names: readonly (readonly number[])[]): string {
  const changed = names.flatMap((own, j) => {
    const pairs = own.flatMap((name, k) => (name === k ? [] : [`${k} → ${name}`]));
    return pairs.length === 0 ? [] : [`attribute ${j}: ${pairs.slice(0, MOST_LISTED).join(', ')}`];
  });
  return `the classes were renamed: ${changed.join('; ') || 'none changed its name'}`;
}
