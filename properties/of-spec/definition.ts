/**
 * A definition: a property that only the specification must satisfy.
 *
 * @module
 */

import fc from 'fast-check';
import {
  ANCHORS,
  type Capabilities,
  COMPARISONS,
  ENCODINGS,
  type InputErrorCode,
  isInputError,
  LEVELS,
} from '../../spec/index.js';
import { Disagreement } from '../disagreement.js';

/** A property of the specification itself. */
export interface Definition {
  readonly id: string;
  /** The ruling or the rule of design that it comes from. */
  readonly source: string;
  readonly property: fc.IRawProperty<unknown>;
}

/** The capabilities of the specification, which supports everything. */
export const EVERYTHING: Capabilities = {
  encodings: ENCODINGS,
  levels: LEVELS,
  comparisons: COMPARISONS,
  anchors: ANCHORS,
  gradient: true,
  precision: 'float64',
  execution: 'sync',
};

/** Makes a definition. */
export function define<T>(
  id: string,
  source: string,
  cases: fc.Arbitrary<T>,
  holds: (given: T) => boolean,
): Definition {
  return { id, source, property: fc.property(cases, holds) as fc.IRawProperty<unknown> };
}

/** Whether an input is refused, with any code. */
export function refused(action: () => unknown): boolean {
  try {
    action();
    return false;
  } catch (error) {
    if (isInputError(error)) return true;
    throw error;
  }
}

/** Demands a refusal by code and place: its class follows from the code, and its message names the place. */
export function demandRefusal(code: InputErrorCode, where: string, action: () => unknown): void {
  const isType = code === 'wrong-type' || code === 'malformed-json';
  const wanted = `${code} at ${where}, ${isType ? 'a TypeError' : 'a RangeError'}`;
  try {
    action();
  } catch (error) {
    if (!isInputError(error)) throw error;
    const found = `${error.code} at ${error.where}, ${error instanceof TypeError ? 'a TypeError' : error instanceof RangeError ? 'a RangeError' : error.name}`;
    if (found !== wanted) throw new Disagreement('the refusal', wanted, found);
    const words = `${where}: expected ${error.expected}, got ${error.got}`;
    if (error.message !== words) throw new Disagreement('the words', words, error.message);
    return;
  }
  throw new Disagreement('the refusal', wanted, 'none');
}
