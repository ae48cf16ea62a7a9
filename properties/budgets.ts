/**
 * How many of its cases a property gives to an engine that is slow per call. This is the one place that says so:
 * a budget depends on the engine that the backend declares, never on a clock, so that the same seed gives the same
 * cases on every machine.
 *
 * @module
 */

import type { Batch } from '../spec/index.js';

/** Shares of the cases that a fast engine gets, from 0 to 1. */
export interface Budget {
  /** Of all cases that are drawn. */
  readonly cases: number;
  /** Of those that are large, how many are asked. */
  readonly large: number;
}

/** A batch of more samples than this is large: it takes as long as many ordinary ones. */
export const LARGE = 64;
/** A batch of more class columns than this is large too: a slow engine mines one class after the other. */
export const LARGE_COLUMNS = 512;

/** Whether a batch takes as long as many ordinary ones. */
export function isLarge({ size, columns }: Pick<Batch, 'size' | 'columns'>): boolean {
  return size > LARGE || columns.length > LARGE_COLUMNS;
}

const FULL: Budget = { cases: 1, large: 1 };

/** By engine. An engine that is not listed gets every case. */
const BUDGETS: Readonly<Record<string, Budget>> = {
  cpu: { cases: 1 / 2, large: 1 / 5 },
  wasm: { cases: 2 / 3, large: 1 / 3 },
  'jax-wasm': { cases: 1 / 6, large: 1 / 6 }, // every shape is compiled, which takes a fifth of a second
  'jax-webgpu': { cases: 1 / 5, large: 1 / 5 }, // and takes seconds to compile in software
};

/** The budget of an engine. @param engine - undefined for a backend that names none */
export function budgetOf(engine: string | undefined): Budget {
  return (engine !== undefined && Object.hasOwn(BUDGETS, engine) ? BUDGETS[engine] : undefined) ?? FULL;
}

/** Whether a budget leaves cases out. */
export function isReduced({ cases, large }: Budget): boolean {
  return cases < 1 || large < 1;
}

/** Chooses which large cases of a property are asked: the first one, and from there on evenly. */
export class LargeCases {
  readonly #share: number;
  #drawn = 0;
  #leftOut = 0;

  constructor({ large }: Pick<Budget, 'large'>) {
    this.#share = large;
  }

  /** How many cases have been left out. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** Whether the next case that was drawn is left out. */
  leavesOut(batch: Pick<Batch, 'size' | 'columns'>): boolean {
    if (!isLarge(batch)) return false;
    const isAsked = Math.ceil((this.#drawn + 1) * this.#share) > Math.ceil(this.#drawn * this.#share);
    this.#drawn += 1;
    if (!isAsked) this.#leftOut += 1;
    return !isAsked;
  }
}
