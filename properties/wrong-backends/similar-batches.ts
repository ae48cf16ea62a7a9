/**
 * Backends that keep what they find of a batch by a key that another batch has too, and that use memory again too soon.
 *
 * @module
 */
import ndarray, { type NdArray } from 'ndarray';
import {
  type BalancedOptions,
  type Batch,
  type MinoritySelection,
  selectMinority,
} from '../../spec/index.js';
import { entries } from '../walk.js';
import { composeBackend } from './compose.js';
import { type WrongBackend, wrapped } from './wrong-backend.js';

const SIMILAR = 'similar-batches-heeded';

/** Wrong backends of similar batches. */
export const similarBatches: readonly WrongBackend[] = [
  schemaKeptBy(
    'columns-by-digits',
    'class columns are kept by the class counts without what parts them',
    (counts) => counts.join(''),
  ),
  schemaKeptBy(
    'columns-by-width',
    'class columns are kept by the number of attributes and of columns',
    (counts) => JSON.stringify([counts.length, counts.reduce((a, b) => a + b, 0)]),
  ),
  {
    id: 'minority-by-profile',
    error: 'the minority classes are kept by the class sizes and ρ, without n',
    caughtBy: SIMILAR,
    backend: minorityByProfile(),
  },
  wrapped('form-by-arrays', 'whether scores are logits is kept by their array', SIMILAR, (right) => {
    const known = new Map<string, boolean>();
    return {
      balancedLoss(batch, options) {
        const key = JSON.stringify([batch.scores.shape, [...entries(batch.scores)]]);
        const fromLogits = known.get(key) ?? batch.fromLogits;
        known.set(key, fromLogits);
        return right.balancedLoss({ ...batch, fromLogits }, options);
      },
    };
  }),
  wrapped('ring-of-sixteen', 'gradients lie in a ring of sixteen buffers', 'results-unaliased', (right) => {
    const rings = new Map<number, { turn: number; readonly buffers: Float64Array[] }>();
    return {
      balancedLoss(batch, options) {
        const found = right.balancedLoss(batch, options);
        const { size } = found.gradient;
        const ring = rings.get(size) ?? { turn: 0, buffers: [] };
        rings.set(size, ring);
        const at = ring.turn++ % 16;
        ring.buffers[at] ??= new Float64Array(size);
        const buffer = ring.buffers[at] as Float64Array;
        buffer.set(entries(found.gradient));
        return { ...found, gradient: ndarray(buffer, [...found.gradient.shape]) as NdArray<Float64Array> };
      },
    };
  }),
  wrapped(
    'margins-by-their-array',
    'margins are kept by the array that holds them, which a caller may write to',
    'refilled-batch-heeded',
    (right) => {
      const known = new WeakMap<readonly number[], readonly number[]>();
      return {
        balancedLoss(batch, options) {
          const margin = known.get(options.margin) ?? [...options.margin];
          known.set(options.margin, margin);
          return right.balancedLoss(batch, { ...options, margin });
        },
      };
    },
  ),
  wrapped(
    'range-by-its-array',
    'the range of a histogram is kept by the array that holds it, which a caller may write to',
    'refilled-batch-heeded',
    (right) => {
      const known = new WeakMap<BalancedOptions['range'], BalancedOptions['range']>();
      return {
        balancedLoss(batch, options) {
          const [lo, hi] = options.range;
          const range = known.get(options.range) ?? ([lo, hi] as const);
          known.set(options.range, range);
          return right.balancedLoss(batch, { ...options, range });
        },
      };
    },
  ),
];

/** Categorical batches have the attributes and columns of the first batch with the same key. */
function schemaKeptBy(id: string, error: string, keyOf: (counts: readonly number[]) => string): WrongBackend {
  return wrapped(id, error, SIMILAR, (right) => {
    const known = new Map<string, Pick<Batch, 'attributes' | 'columns'>>();
    return {
      balancedLoss(batch, options) {
        if (batch.encoding !== 'categorical') return right.balancedLoss(batch, options);
        const counts = batch.attributes.map(({ classes }) => classes.length);
        const key = JSON.stringify([counts.length, keyOf(counts)]);
        const { attributes, columns } = known.get(key) ?? batch;
        known.set(key, { attributes, columns });
        return right.balancedLoss({ ...batch, attributes, columns }, options);
      },
    };
  });
}

function minorityByProfile() {
  const known = new Map<string, MinoritySelection['minority']>();
  return composeBackend('minority-by-profile', {
    selectMinority(batch: Batch, options: BalancedOptions) {
      const { profile, minority } = selectMinority(batch, options);
      const key = JSON.stringify([batch.encoding, profile, options.rho]);
      const kept = known.get(key) ?? minority;
      known.set(key, kept);
      return { profile, minority: kept };
    },
  });
}
