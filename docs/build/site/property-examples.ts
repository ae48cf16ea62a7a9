/**
 * An example of a failure for each property, as `npm run property-examples` found it.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Counterexample } from '../../../properties/report.js';

/** A backend that is wrong on purpose, and the smallest batch on which it fails a property. */
export interface PropertyExample {
  readonly property: string;
  readonly wrong: string;
  /** What the backend gets wrong. */
  readonly error: string;
  readonly counterexample: Counterexample;
}

/** Where the examples are kept. */
export const EXAMPLES_FILE = resolve(import.meta.dirname, '../../results/property-examples.json');

/** The example that is kept for a property; undefined if there is none. */
export function exampleFor(property: string): PropertyExample | undefined {
  const examples = JSON.parse(readFileSync(EXAMPLES_FILE, 'utf8')) as PropertyExample[];
  return examples.find((example) => example.property === property);
}
