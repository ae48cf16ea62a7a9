/**
 * Refusals of stages, weights and metrics.
 *
 * @module
 */
import fc from 'fast-check';
import {
  balancedLoss,
  classBalancedAccuracy,
  createBatch,
  createSchema,
  formTriplets,
  imbalance,
  mineHardSamples,
  predictedClasses,
  predictedLabels,
  rectificationLoss,
  rectificationWeight,
  resolveOptions,
  selectMinority,
} from '../../../spec/index.js';
import { type Definition, define, demandRefusal } from '../definition.js';
import { NOT_FINITE, place, put, refuse, refuseMatrices, rows, side, type Wrong } from './wrong.js';

/** Refusals of stages, weights and metrics. */
export const ofStages: readonly Definition[] = [
  define('stages-refused', 'ruling: probabilities', fc.nat(), () => {
    const given = { attributes: [2], labels: [[0], [0], [1], [1]] };
    const options = { ...resolveOptions(createSchema(given)), alpha: 0.5 };
    const logits = createBatch({ ...given, scores: rows(4, [0, 0]), fromLogits: true });
    const unscored = createBatch({ ...given, features: rows(4, [1]) });
    const bare = createBatch({ ...given, scores: rows(4, [0.5, 0.5]) });
    const nothing = { anchors: [] };
    const none = formTriplets(nothing);
    for (const [batch, code, where, level] of [
      [logits, 'option-out-of-range', 'batch', 'class'],
      [unscored, 'scores-missing', 'scores', 'class'],
      [bare, 'features-missing', 'features', 'instance'],
    ] as const) {
      const chosen = { ...options, level };
      demandRefusal(code, where, () => mineHardSamples(batch, selectMinority(batch, options), chosen));
      demandRefusal(code, where, () => rectificationLoss(batch, nothing, none, chosen));
    }
    demandRefusal('scores-missing', 'scores', () =>
      balancedLoss(unscored, { ...options, level: 'instance' }),
    );
    // easy anchors are chosen by probability at instance level too
    const easy = { ...options, level: 'instance', anchors: 'easy' } as const;
    const embedded = createBatch({
      ...given,
      ...{ scores: rows(4, [0, 0]), features: rows(4, [1]) },
      fromLogits: true,
    });
    for (const [batch, code, where] of [
      [unscored, 'scores-missing', 'scores'],
      [embedded, 'option-out-of-range', 'batch'],
    ] as const)
      demandRefusal(code, where, () => mineHardSamples(batch, selectMinority(batch, options), easy));
    demandRefusal('option-out-of-range', 'options.alpha', () => balancedLoss(bare, { ...options, alpha: 2 }));
    return (
      mineHardSamples(unscored, selectMinority(unscored, options), { ...options, level: 'instance' }).anchors
        .length > 0
    );
  }),
  define('weights-refused', 'ruling: α', fc.nat(1), (j) => {
    refuse(
      (measure) => imbalance([[1, 2]], measure as never),
      [
        ...[-0.1, 1.1, Number.NaN].map((x): Wrong => [x, 'option-out-of-range', 'imbalance']),
        ['gini', 'option-out-of-range', 'imbalance'],
        ['toString', 'option-out-of-range', 'imbalance'],
        [null, 'wrong-type', 'imbalance'],
      ],
    );
    const counts = (value: unknown) =>
      imbalance(
        [
          [1, 2],
          [3, 4],
        ].map((h, l) => (l === j ? value : h)) as number[][],
      );
    refuse(counts, [
      [3, 'wrong-type', `counts[${j}]`],
      [[], 'counts-invalid', `counts[${j}]`],
      [[0, 0], 'counts-invalid', `counts[${j}]`],
      ...['1', null].map((x): Wrong => [[1, x], 'wrong-type', `counts[${j}][1]`]),
      ...[-1, 1.5, Number.NaN].map((x): Wrong => [[1, x], 'counts-invalid', `counts[${j}][1]`]),
    ]);
    refuse(
      (all) => imbalance(all as never),
      [[], 3, { length: 1 }].map((x): Wrong => [x, 'wrong-type', 'counts']),
    );
    demandRefusal('wrong-type', 'eta', () => rectificationWeight(0.5, '1' as never));
    demandRefusal('option-out-of-range', 'eta', () => rectificationWeight(0, -1)); // also where α would be 0
    refuse(
      (eta) => rectificationWeight(1, eta as number),
      [
        [1.5, 'option-out-of-range', 'alpha = eta·Ω'],
        ...[-1, Number.NaN, Number.POSITIVE_INFINITY].map((x): Wrong => [x, 'option-out-of-range', 'eta']),
      ],
    );
    return (
      [0, 0.3, 1].every((omega) => imbalance([], omega) === omega) &&
      [0, 1].every((eta) => rectificationWeight(1, eta) === eta) &&
      rectificationWeight(0.5) === 0.005
    );
  }),
  define(
    'metrics-refused',
    'ruling: prediction and A_bln',
    fc.record({ at: place, side }),
    ({ at: { n, i }, side: k }) => {
      for (const x of NOT_FINITE) {
        const scores = put(rows(n, [0, 0]), i, k, x) as number[][];
        demandRefusal('score-not-finite', `scores[${i}][${k}]`, () => predictedClasses(scores, 2));
        demandRefusal('score-not-finite', `scores[${i}][${k}]`, () => predictedLabels(scores, 2));
      }
      refuseMatrices('scores', 2, n, i, (scores) => predictedClasses(scores as number[][], 2));
      refuseMatrices('scores', 2, n, i, (scores) => predictedLabels(scores as number[][], 2));
      refuse(
        (threshold) => predictedLabels(rows(n, [0, 0]), 2, threshold as number[]),
        [
          [[0.5], 'option-out-of-range', 'threshold'],
          [[0.5, 0.5, 0.5], 'option-out-of-range', 'threshold'],
          ...[-0.1, 1.1, Number.NaN].map(
            (x): Wrong => [[0, 0].map((_, l) => (l === k ? x : 0)), 'option-out-of-range', `threshold[${k}]`],
          ),
        ],
      );
      const classes = (name: 'actual' | 'predicted') => (value: unknown) => {
        const given = { actual: rows(n, [0]).flat(), predicted: rows(n, [1]).flat() };
        given[name][i] = value as number;
        return classBalancedAccuracy(given.actual, given.predicted, 2);
      };
      for (const name of ['actual', 'predicted'] as const) {
        refuse(classes(name), [
          ...['1', true].map((x): Wrong => [x, 'wrong-type', `${name}[${i}]`]),
          ...[-2, 2, 0.5, Number.NaN].map((x): Wrong => [x, 'label-out-of-range', `${name}[${i}]`]),
        ]);
      }
      demandRefusal('label-out-of-range', `predicted[${i}]`, () => classes('predicted')(-1));
      demandRefusal('wrong-shape', 'predicted', () => classBalancedAccuracy([0, 1], [0], 2));
      const thresholds = [0, 1].map((t) => String(predictedLabels([[0, 1]], 2, t)));
      return (
        String(thresholds) === '1,1,0,1' &&
        String(predictedLabels([[0.3, 0.3]], 2, [0.3, 0.4])) === '1,0' &&
        [-1, null].every(
          (unlabelled) => classes('actual')(unlabelled).sensitivity[0] === (n === 1 ? null : 0),
        )
      );
    },
  ),
];
