/**
 * Numbers as the page prints them.
 *
 * @module
 */

/** Four significant digits, as short as they get. */
export function digits(value: number): string {
  return String(Number(value.toPrecision(4)));
}
