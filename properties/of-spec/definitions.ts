/**
 * Properties of definitions that no backend computes, so that only the specification must satisfy them.
 *
 * @module
 */
import fc from 'fast-check';
import {
  absoluteComparison,
  type Batch,
  classBalancedAccuracy,
  classCounts,
  createBatch,
  createSchema,
  distributionComparison,
  hardest,
  histogram,
  imbalance,
  instanceMargin,
  meanAccuracy,
  minorityClasses,
  predictedClasses,
  predictedLabels,
  presets,
  readDocument,
  rectificationWeight,
  resolveOptions,
  writeDocument,
} from '../../spec/index.js';
import { cases } from '../cases/arbitraries.js';
import { permutation } from '../cases/permute.js';
import { DEFINITION_ERROR } from '../tolerance/index.js';
import { entries } from '../walk.js';
import { type Definition, define, EVERYTHING, refused } from './definition.js';
import { entropy } from './entropy.js';
import { refusals } from './refusals/index.js';
import { sampleWeights } from './sample-weights.js';
import { secondDerivatives } from './second-derivatives.js';
import { sharding } from './sharding.js';

const counts = fc.array(fc.nat(50), { minLength: 1, maxLength: 8 }).filter((h) => h.some((k) => k > 0));
const close = (a: number, b: number) => Math.abs(a - b) <= DEFINITION_ERROR;

/** All definitions. */
export const definitions: readonly Definition[] = [
  define(
    'imbalance-bounded',
    'ruling: Ω',
    fc.tuple(counts, fc.integer({ min: 2, max: 9 })),
    ([h, factor]) => {
      const largest = h.reduce((a, b) => Math.max(a, b));
      const missing = h.reduce((sum, k) => sum + (largest - k), 0);
      return (
        close(imbalance([h]), missing / (largest * h.length)) &&
        (['shortfall', 'transport', 'ratio'] as const).every((measure) => {
          const omega = imbalance([h], measure);
          const scaled = imbalance([h.map((k) => k * factor)], measure);
          return omega >= -1e-15 && omega <= 1 && close(omega, scaled);
        }) &&
        close(imbalance([h.map(() => factor)], 'shortfall'), 0) &&
        close(imbalance([h.map(() => factor)], 'transport'), 0) &&
        imbalance([h.map(() => factor)], 'ratio') === 1
      );
    },
  ),
  define(
    'weight-bounded',
    'ruling: α',
    fc.tuple(fc.double({ min: 0, max: 1, noNaN: true }), fc.double({ min: -2, max: 4 })),
    ([omega, eta]) => {
      const alpha = eta * omega;
      if (eta >= 0 && alpha <= 1) return rectificationWeight(omega, eta) === alpha;
      return refused(() => rectificationWeight(omega, eta));
    },
  ),
  define(
    'options-refused',
    'ruling: ρ, κ',
    fc.tuple(fc.double({ min: -1, max: 2 }), fc.double({ min: -3, max: 9 })),
    ([rho, kappa]) => {
      const schema = createSchema({ attributes: [2] });
      const goodRho = rho > 0 && rho <= 1;
      const goodKappa = Number.isInteger(kappa) && kappa >= 1;
      return (
        refused(() => resolveOptions(schema, { rho })) === !goodRho &&
        refused(() => resolveOptions(schema, { kappa })) === !goodKappa &&
        refused(() => resolveOptions(schema, { kappa: Math.trunc(kappa) })) === !(Math.trunc(kappa) >= 1)
      );
    },
  ),
  define('minority-at-one', 'ruling: ρ, κ', counts, (h) => {
    const all = minorityClasses(
      h,
      h.reduce((a, b) => a + b, 0),
      1,
    );
    return String(all) === String([...h.keys()].filter((k) => (h[k] as number) > 1));
  }),
  define('margin-default', 'ruling: margin', fc.integer({ min: 1, max: 50 }), (K) => {
    const schema = createSchema({ attributes: [K] });
    const [instance, ofClass] = [
      resolveOptions(schema, { level: 'instance' }).margin,
      resolveOptions(schema).margin,
    ];
    return instance[0] === (2 * Math.PI) / K && instance[0] === instanceMargin(K) && ofClass[0] === 0.5;
  }),
  define('batch-refused', 'ruling: probabilities', fc.double({ min: -0.001, max: 1.001 }), (score) => {
    const good = score >= -1e-6 && score <= 1 + 1e-6;
    const make = () => createBatch({ attributes: [1], labels: [[0]], scores: [[score]] });
    return good ? Object.is(make().scores.get(0, 0), score) : refused(make);
  }),
  define(
    'histogram-sums-to-one',
    'ruling: histogram',
    fc.tuple(
      fc.array(fc.double({ min: -3, max: 3, noNaN: true }), { minLength: 1 }),
      fc.integer({ min: 2, max: 40 }),
    ),
    ([distances, bins]) => {
      const h = histogram(distances, { bins, range: [-1, 1] });
      // h_t by Eq. 15 as it is printed: the mean of max(0, 1 − |d − b_t|/Δ)
      const step = 2 / (bins - 1);
      const printed = h.map((_, t) => {
        const node = -1 + t * step;
        const shares = distances.map((d) =>
          Math.max(0, 1 - Math.abs(Math.min(1, Math.max(-1, d)) - node) / step),
        );
        return shares.reduce((a, b) => a + b, 0) / distances.length;
      });
      return (
        close(
          h.reduce((a, b) => a + b, 0),
          1,
        ) && h.every((x, t) => close(x, printed[t] as number))
      );
    },
  ),
  define(
    'predictions-defined',
    'ruling: prediction and A_bln',
    fc.array(fc.nat(4), { minLength: 1, maxLength: 6 }),
    (row) => {
      const scores = row.map((x) => x / 4);
      const [best] = predictedClasses([scores], scores.length) as [number];
      const present = predictedLabels([scores], scores.length)[0] as number[];
      return (
        scores.every((s, k) => s < (scores[best] as number) || (s === scores[best] && k >= best)) &&
        present.every((y, l) => y === +((scores[l] as number) >= 0.5))
      );
    },
  ),
  define(
    'balanced-accuracy-defined',
    'ruling: prediction and A_bln',
    fc.array(fc.tuple(fc.integer({ min: -1, max: 3 }), fc.nat(3)), { maxLength: 30 }),
    (pairs) => {
      const found = classBalancedAccuracy(
        pairs.map(([a]) => a),
        pairs.map(([, p]) => p),
        4,
      );
      const recalls = [0, 1, 2, 3].map((k) => {
        const own = pairs.filter(([a]) => a === k);
        return own.length === 0 ? null : own.filter(([a, p]) => a === p).length / own.length;
      });
      return (
        String(found.sensitivity) === String(recalls) &&
        String(found.empty) === String([0, 1, 2, 3].filter((k) => recalls[k] === null)) &&
        found.accuracy === meanOf(recalls)
      );
    },
  ),
  define(
    'class-counts-defined',
    'ruling: Ω',
    fc.array(fc.tuple(fc.integer({ min: -1, max: 2 }), fc.nat(1)), { minLength: 1 }),
    (labels) => {
      const schema = createSchema({ attributes: [3, 2] });
      const held = [3, 2].map((K, j) =>
        Array.from({ length: K }, (_, k) => labels.filter((row) => row[j] === k).length),
      );
      return JSON.stringify(classCounts(schema, labels)) === JSON.stringify(held);
    },
  ),
  define(
    'hardest-defined',
    'ruling: mined order',
    fc.record({
      hardness: fc.array(fc.nat(3), { minLength: 1, maxLength: 12 }),
      shuffle: fc.nat(),
      kappa: fc.integer({ min: 1, max: 13 }),
    }),
    ({ hardness, shuffle, kappa }) => {
      // the candidates may come in any order
      const left = new Set(permutation(hardness.length, shuffle));
      const found = hardest([...left], (i) => hardness[i] as number, kappa);
      const expected = Array.from({ length: Math.min(kappa, hardness.length) }, () => {
        const most = Math.max(...[...left].map((i) => hardness[i] as number));
        const next = Math.min(...[...left].filter((i) => hardness[i] === most));
        left.delete(next);
        return next;
      });
      return String(found) === String(expected);
    },
  ),
  define(
    'documents-round-trip',
    'design: a batch is a document',
    fc
      .boolean()
      .chain((fromLogits) => cases(EVERYTHING, { fromLogits, unscored: true, classLevel: fromLogits })),
    (given) => {
      const { alpha: weight, ...rest } = given.options;
      const weighed = given.shuffle % 2 === 0;
      const written = writeDocument(given.batch, weighed ? { ...rest, alpha: weight } : rest);
      const chosen = weighed && given.batch.scored ? { ...rest, alpha: weight } : rest; // α also weighs scores
      const document = JSON.parse(JSON.stringify(written));
      const { batch, options, alpha } = readDocument(document);
      // a field that is left out has its default or does not exist
      const optional = {
        scores: given.batch.scored,
        features: given.batch.features !== undefined,
        encoding: given.batch.encoding !== 'categorical',
        fromLogits: given.batch.fromLogits,
      };
      return (
        Object.entries(optional).every(([key, there]) => key in document === there) &&
        plain(batch) === plain(given.batch) &&
        'alpha' in (written.options ?? {}) === 'alpha' in chosen &&
        JSON.stringify({ ...options, alpha }) === JSON.stringify(chosen)
      );
    },
  ),
  define(
    'presets-defined',
    'ruling: one attribute',
    fc.constantFrom(undefined, 'class', 'instance'),
    (level) => {
      const batch = { attributes: [3], labels: [[0, 1, 0]], scores: [[0, 1, 0]], features: [[1]] };
      const { article, paper } = presets;
      const read = readDocument({ ...batch, preset: 'article', options: level ? { level } : {} });
      const { margin, rho, kappa, comparison } = read.options;
      return (
        read.batch.encoding === 'one-attribute' &&
        read.options.level === (level ?? 'class') && // options override the preset
        String([margin, rho, kappa, comparison]) === '0.5,0.5,3,relative' &&
        [article, paper].every((preset) => preset.imbalance === 'shortfall' && preset.eta === 0.01) &&
        JSON.stringify(paper.options) === '{}'
      );
    },
  ),
  define(
    'sides-compared',
    'ruling: nothing to compare',
    fc.constantFrom('positive', 'negative'),
    (missing) => {
      const batch = createBatch({
        attributes: [2],
        labels: [[0], [1]],
        scores: [
          [0.5, 0.5],
          [0.25, 0.75],
        ],
      });
      const pair = { anchor: 0, other: 1, attribute: 0, class: 0 };
      const pairs = { positive: [pair], negative: [pair], [missing]: [] };
      const options = resolveOptions(batch, { bins: 2 });
      const slopes: number[] = [];
      const compared = distributionComparison(batch, pairs, options);
      compared.visitSlopes((_pair, _side, slope) => slopes.push(slope));
      // the mean of no pairs is 0, and the absolute comparison takes the mean of each side on its own
      const alone = missing === 'positive' ? (0.5 - 0.25) ** 2 : 0.25 ** 2;
      return (
        compared.loss === 0 &&
        slopes.length === 0 &&
        absoluteComparison(batch, pairs, options).loss === alone / 2
      );
    },
  ),
  define('mean-accuracy-defined', 'ruling: prediction and A_bln', fc.array(fc.option(fc.nat(4))), (found) => {
    return (
      meanAccuracy(found.map((accuracy) => ({ accuracy, sensitivity: [], empty: [] }))) === meanOf(found)
    );
  }),
  ...entropy,
  ...sampleWeights,
  ...secondDerivatives,
  ...sharding,
  ...refusals,
];

/** The mean of what is not null, in the property's own words. */
function meanOf(values: readonly (number | null)[]): number | null {
  const known = values.filter((x) => x !== null);
  return known.length === 0 ? null : known.reduce((a, b) => a + b, 0) / known.length;
}

/** All numbers of a batch, and its columns; names of attributes are not part of a document. */
function plain({ columns, membership, labelled, scores, features, encoding, fromLogits }: Batch): string {
  const matrices = features?.matrices.map(entries) ?? [];
  const numbers = [membership, labelled, scores].map(entries);
  return JSON.stringify([columns, numbers, matrices, features?.perAttribute, encoding, fromLogits]);
}
