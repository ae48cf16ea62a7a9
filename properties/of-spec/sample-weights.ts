/**
 * Definitions of sample weights: the specification compared with the ruling as it is written.
 *
 * @module
 */
import fc from 'fast-check';
import {
  balancedLoss,
  checkWeights,
  crossEntropy,
  meanWeight,
  readDocument,
  sampleCrossEntropies,
} from '../../spec/index.js';
import { caseDocument, cases } from '../cases/arbitraries.js';
import { entries } from '../walk.js';
import { type Definition, define, EVERYTHING } from './definition.js';
import { refuse, type Wrong } from './refusals/wrong.js';

const near = (a: number, b: number) => Math.abs(a - b) <= 1e-9 * (1 + Math.abs(b));

/** Weights as they occur: 0, class weights, and one that is far larger than the others. */
const weight = fc.constantFrom(0, 0.25, 1, 3, 1000);

/** All definitions of sample weights. */
export const sampleWeights: readonly Definition[] = [
  define(
    'sample-weights-defined',
    'ruling: sample weights',
    fc.boolean().chain((fromLogits) =>
      cases(EVERYTHING, { fromLogits, samples: 8, blockEdges: false }).chain((drawn) =>
        fc.record({
          drawn: fc.constant(drawn),
          weights: fc.array(weight, { minLength: drawn.batch.size, maxLength: drawn.batch.size }),
        }),
      ),
    ),
    ({ drawn: { batch, options }, weights }) => {
      const alphas = [0, 0.375, 1];
      return alphas.every((alpha) => {
        const weighted = balancedLoss(batch, { ...options, alpha }, weights);
        const ce = sampleCrossEntropies(batch);
        const terms = ce.map((own) => alpha * weighted.rectification + (1 - alpha) * own);
        const mean = terms.reduce((sum, term, i) => sum + (weights[i] as number) * term, 0) / batch.size;
        const compared = balancedLoss(batch, { ...options, alpha: 1 });
        const plain = entries(balancedLoss(batch, { ...options, alpha: 0 }).gradient);
        const width = batch.scoreWidth;
        const slopes = entries(compared.gradient).map((slope, at) => {
          const own = weights[Math.floor(at / width)] as number;
          return alpha * meanWeight(weights) * slope + (1 - alpha) * own * (plain[at] as number);
        });
        const features = compared.featureGradient ? entries(compared.featureGradient) : [];
        return (
          near(weighted.loss, mean) &&
          near(ce.reduce((sum, own) => sum + own, 0) / batch.size, crossEntropy(batch)) &&
          entries(weighted.gradient).every((slope, at) => near(slope, slopes[at] as number)) &&
          features.every((slope, at) =>
            near(
              entries(weighted.featureGradient as never)[at] as number,
              alpha * meanWeight(weights) * slope,
            ),
          )
        );
      });
    },
  ),
  define(
    'sample-weights-alone',
    'ruling: sample weights',
    cases(EVERYTHING, { classLevel: true, samples: 6, blockEdges: false }),
    ({ batch, options }) => {
      // a sample's cross entropy equals that of a batch of this sample, and no other weight affects it
      const { features: _, options: __, ...document } = caseDocument({ batch, options });
      return sampleCrossEntropies(batch).every((own, i) => {
        const alone = readDocument({
          ...document,
          labels: [document.labels[i]],
          scores: [document.scores?.[i]],
        });
        const only = Array.from({ length: batch.size }, (_, at) => (at === i ? batch.size : 0));
        const weighted = balancedLoss(batch, { ...options, alpha: 0 }, only).loss;
        return near(own, crossEntropy(alone.batch)) && near(weighted, own);
      });
    },
  ),
  define('sample-weights-refused', 'ruling: sample weights', fc.nat(2), (i) => {
    const wrong = (value: unknown) => [1, 0, 2].map((w, at) => (at === i ? value : w)) as number[];
    refuse(
      (value) => checkWeights(wrong(value), 3),
      [
        ...[-1, Number.NaN, Number.POSITIVE_INFINITY].map(
          (x): Wrong => [x, 'weight-out-of-range', `weights[${i}]`],
        ),
        ...['1', null, undefined].map((x): Wrong => [x, 'wrong-type', `weights[${i}]`]),
      ],
    );
    refuse(
      (weights) => checkWeights(weights as number[], 3),
      [
        [[1, 1], 'wrong-shape', 'weights'],
        [[], 'wrong-shape', 'weights'],
        [1, 'wrong-type', 'weights'],
        [undefined, 'wrong-type', 'weights'],
      ],
    );
    checkWeights([0, 0, 0], 3);
    checkWeights(Float32Array.of(1, 0.5, 0), 3);
    return true;
  }),
];
