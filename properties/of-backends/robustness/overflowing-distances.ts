/**
 * Distances that overflow (ruling: non-finite features): the square of one does long before a feature does, so that
 * it happens in a batch that no check refuses.
 *
 * @module
 */
import type { NdArray } from 'ndarray';
import type { Batch, Capabilities, Comparison, Features } from '../../../spec/index.js';
import type { Case } from '../../cases/arbitraries.js';
import { withComponents } from '../../cases/changed-numbers.js';
import type { Way } from '../../coverage/index.js';
import { demand, demandNear, type Property } from '../../property.js';
import { lossAllowance, partAllowances, roundoff } from '../../tolerance/index.js';
import { entries, wholeWalk } from '../../walk.js';
import { few, half, needsInstanceLevel } from './few-instance-cases.js';

/** The properties of distances that overflow. */
export const overflowingDistances: readonly Property[] = [
  {
    id: 'overflowing-distance-surfaces',
    stage: 'balancedLoss',
    source: 'ruling: non-finite features',
    claim:
      'With features so large that squares of distances overflow, or nearly do, L and L_crl are each NaN, infinite, or what the true distances give; where L is finite, so is its gradient.',
    required: true,
    inapplicable: needsInstanceLevel,
    runs: half,
    cases: (supports) => few(supports).map(arranged),
    ways: ({ backend }, { shuffle }) => [FACTOR_WAYS[exponentOf(backend.supports, shuffle).at]],
    async check({ backend }, given) {
      const { supports } = backend;
      const { exponent } = exponentOf(supports, given.shuffle);
      const factor = 2 ** exponent;
      const { expected, allowed } = trueParts(given, exponent, supports); // before the backend may write to the batch
      const options = { ...given.options, alpha: 0.5 };
      const found = await backend.balancedLoss(withLargeFeatures(given.batch, factor), options);
      for (const [part, name] of [
        ['rectification', 'L_crl'],
        ['loss', 'L'],
      ] as const) {
        if (!Number.isFinite(found[part])) continue;
        const what = `${name}, which is finite, of the features times 2^${exponent}`;
        // a finite number is nothing like one that no number is large enough for
        demandNear(what, found[part], expected[part], Number.isFinite(expected[part]) ? allowed[part] : 0);
      }
      if (!Number.isFinite(found.loss) || !supports.gradient) return;
      for (const gradient of [found.gradient, found.featureGradient as NdArray]) {
        const wrong = entries(gradient).find((x) => !Number.isFinite(x));
        demand(
          wrong === undefined,
          `the gradient of a finite L of the features times 2^${exponent}`,
          'finite',
          wrong,
        );
      }
    },
  },
];

/** How the samples of a case lie: as drawn, with those of their class, or each in a place of its own. */
type Arrangement = 'drawn' | 'gathered' | 'apart';

/** In turn; by whether all distances overflow. */
const ARRANGEMENTS: Readonly<Record<'inPart' | 'all', readonly Arrangement[]>> = {
  inPart: ['drawn', 'gathered'],
  all: ['drawn', 'gathered', 'apart'],
};

/**
 * In some cases, the samples of a class are at most 1 apart and others at least 3. Then squares of distances to
 * negatives overflow where those to positives do not, which features that are drawn one by one hardly ever do.
 *
 * In others no two samples lie in the same place. Where squares of all distances overflow, every hinge is ∞ − ∞ then, and
 * no other one is ∞, which would hide it from whoever takes ∞ − ∞ for 0.
 */
function arranged(given: Case): Case {
  const { batch, shuffle } = given;
  const turns = ARRANGEMENTS[placeOf(shuffle) === 2 ? 'all' : 'inPart'];
  const arrangement = turns[Math.floor(shuffle / FACTOR_WAYS.length) % turns.length] as Arrangement;
  if (arrangement === 'drawn') return given;
  const { perAttribute } = batch.features as Features;
  const classOf = (i: number, matrix: number) => {
    const columns = batch.attributes[perAttribute ? matrix : 0]?.columns ?? [];
    return columns.findIndex((c) => batch.membership.get(i, c) === 1);
  };
  const first = (i: number, matrix: number) =>
    arrangement === 'apart' ? i : 4 * classOf(i, matrix) + (i % 2);
  const moved = withComponents(batch, (_, t, i, matrix) => (t === 0 ? first(i, matrix) : 0));
  return { ...given, batch: moved };
}

/** Multiplies the features by a power of two, which rounds nothing. */
function withLargeFeatures(batch: Batch, factor: number): Batch {
  return withComponents(batch, (x) => x * factor);
}

/**
 * Powers of two that lattice features of up to 2^12 are multiplied by: squares of distances are large; those of
 * distances from 2 on overflow, but not those of 1; all of distances but 0 overflow.
 */
const EXPONENTS: Readonly<Record<Capabilities['precision'], readonly [number, number, number]>> = {
  float32: [55, 63, 100],
  float64: [55, 511, 1000],
};

const FACTOR_WAYS = [
  'squares-large',
  'squares-overflow-in-part',
  'squares-overflow',
] as const satisfies Way[];

function exponentOf({ precision }: Capabilities, shuffle: number): { at: 0 | 1 | 2; exponent: number } {
  const at = placeOf(shuffle);
  return { at, exponent: EXPONENTS[precision][at] };
}

function placeOf(shuffle: number): 0 | 1 | 2 {
  return (shuffle % FACTOR_WAYS.length) as 0 | 1 | 2;
}

/** The powers that L_crl grows by where distances do; two factors, since the square of one may overflow. */
const GROWTH: Readonly<Record<Comparison, readonly number[]>> = {
  relative: [1],
  absolute: [1, 1],
  distribution: [],
};

/** From this factor on, lattice features that are not equal lie farther apart than any range of a case reaches. */
const OUTSIDE: Readonly<Record<Capabilities['precision'], number>> = { float32: 2 ** 3, float64: 2 ** 29 };

/**
 * L_crl and L of the true distances, and their allowances, without a number that overflows before the end.
 *
 * The margin is divided by the power of two instead of multiplying the features by it. For the distribution
 * comparison the features are multiplied by a smaller power: from there on no distance but 0 lies within the range.
 */
function trueParts({ batch, options, shuffle }: Case, exponent: number, { precision }: Capabilities) {
  const { comparison } = options;
  const u = roundoff({ precision });
  const walk =
    comparison === 'distribution'
      ? wholeWalk({ batch: withLargeFeatures(batch, OUTSIDE[precision]), options, shuffle })
      : wholeWalk({
          batch,
          options: { ...options, margin: options.margin.map((m) => m * 2 ** -exponent) },
          shuffle,
        });
  const grown = (x: number) =>
    GROWTH[comparison].reduce((product, power) => product * 2 ** (power * exponent), x);
  const rectification = grown(walk.balanced.rectification);
  const { crossEntropy } = walk.balanced;
  const loss = 0.5 * rectification + 0.5 * crossEntropy;
  const crl = grown(lossAllowance(walk, u).loss);
  return {
    expected: { rectification, loss },
    allowed: partAllowances(batch, { loss, crossEntropy }, crl, u),
  };
}
