/**
 * A case changed a little: another option, or a sample that is given the scores, the features or everything of
 * another. What is drawn to be exact stays exact, since numbers are only moved, never computed.
 *
 * @module
 */
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { BalancedOptions, Batch } from '../../spec/index.js';
import type { Case } from '../cases/arbitraries.js';
import { permuteRows, permuteSamples } from '../cases/permute.js';

/** Draws a whole number from 0 up to, and without, the bound. */
type Below = (bound: number) => number;

const ALPHAS = [0, 0.001, 0.25, 0.5, 0.75, 0.999, 1];
const RHOS = [0.1, 0.3, 0.5, 0.75, 0.9, 1];
const MARGIN_FACTORS = [0, 0.5, 2];

/** Every kind of change; each is small, so that a case near a limit stays near it. */
const CHANGES: readonly ((given: Case, below: Below) => Case)[] = [
  (given, below) => withOptions(given, { alpha: pick(ALPHAS, below) }),
  (given, below) => withOptions(given, { rho: pick(RHOS, below) }),
  (given, below) => {
    const kappa = Math.max(1, given.options.kappa + (below(2) === 0 ? 1 : -1));
    return withOptions(given, { kappa: Math.min(kappa, Number.MAX_SAFE_INTEGER) });
  },
  (given, below) => {
    const factor = pick(MARGIN_FACTORS, below);
    return withOptions(given, { margin: given.options.margin.map((margin) => margin * factor) });
  },
  ({ batch, ...rest }, below) => ({ ...rest, batch: permuteSamples(batch, oneCopied(batch, below)) }),
  ({ batch, ...rest }, below) => ({ ...rest, batch: permuteSamples(batch, twoSwapped(batch, below)) }),
  ({ batch, ...rest }, below) => ({ ...rest, batch: scoresMoved(batch, oneCopied(batch, below)) }),
  ({ batch, ...rest }, below) => ({ ...rest, batch: scoresMoved(batch, twoSwapped(batch, below)) }),
  ({ batch, ...rest }, below) => ({ ...rest, batch: featuresMoved(batch, oneCopied(batch, below)) }),
];

/** Up to this many changes at once. */
const MOST_CHANGES = 3;

/**
 * The case with one to three changes that a number chooses: the same number changes the same case alike.
 *
 * @param mutation - a whole number from 0
 */
export function mutatedCase(given: Case, mutation: number): Case {
  const generator = xoroshiro128plus(given.shuffle ^ Math.imul(mutation + 1, 0x9e3779b1));
  const below: Below = (bound) => uniformInt(generator, 0, bound - 1);
  let changed = given;
  for (let left = 1 + below(MOST_CHANGES); left > 0; left--) changed = pick(CHANGES, below)(changed, below);
  return changed;
}

function withOptions({ options, ...rest }: Case, other: Partial<BalancedOptions>): Case {
  return { ...rest, options: { ...options, ...other } };
}

function pick<T>(items: readonly T[], below: Below): T {
  return items[below(items.length)] as T;
}

/** One sample in the place of another, besides its own. */
function oneCopied({ size }: Batch, below: Below): number[] {
  const order = [...Array(size).keys()];
  order[below(size)] = below(size);
  return order;
}

/** Two samples in each other's place. */
function twoSwapped({ size }: Batch, below: Below): number[] {
  const order = [...Array(size).keys()];
  const [one, other] = [below(size), below(size)];
  [order[one], order[other]] = [other, one];
  return order;
}

function scoresMoved(batch: Batch, order: readonly number[]): Batch {
  if (!batch.scored) return batch;
  return { ...batch, scores: permuteRows(batch.scores, order) as Batch['scores'] };
}

function featuresMoved(batch: Batch, order: readonly number[]): Batch {
  const { features } = batch;
  if (features === undefined) return batch;
  const matrices = features.matrices.map((matrix) => permuteRows(matrix, order) as Batch['scores']);
  return { ...batch, features: { ...features, matrices } };
}
