/**
 * An attribute of one or two classes, in closed form: every size of the classes with its probability.
 *
 * @module
 */
import { minorityClasses } from '../../spec/rules.js';
import { type AttributeMoments, addSurvivor, noMoments } from './batch-moments.js';
import { binomialWeights, weightOf } from './binomial-weights.js';
import type { PlainBatches } from './plain-batches.js';

/** Sizes of the two classes that are weighed at most, so that a forecast stays fast. */
const MOST_SIZES = 400_000;

/** Moments of an attribute of one or two classes; undefined if there are more, or if it would take too long. */
export function twoClassMoments(attribute: PlainBatches): AttributeMoments | undefined {
  const { counts, others, othersLabelled, total, batchSize, rho } = attribute;
  if (counts.length > 2) return undefined;
  const taken = batchSize / total;
  const [first = 0, second = 0] = counts;
  const rest = binomialWeights(others, taken);
  const ofSecond = binomialWeights(second, taken);
  const ofFirst = binomialWeights(first, taken);
  if (rest.weights.length * ofSecond.weights.length > MOST_SIZES) return undefined;
  const classes = noMoments(counts.length);
  let [all, nothing] = [0, 0];
  rest.weights.forEach((restWeight, r) => {
    const drawn = batchSize - rest.from - r;
    const labelled = othersLabelled ? batchSize : drawn;
    ofSecond.weights.forEach((secondWeight, s) => {
      const size = ofSecond.from + s;
      const weight = restWeight * secondWeight * weightOf(ofFirst, drawn - size);
      if (weight === 0) return;
      all += weight;
      const sizes = [drawn - size, size].slice(0, counts.length);
      const triplets = minorityClasses(sizes, labelled, rho).reduce(
        (sum, k) =>
          sum +
          addSurvivor(classes[k] as (typeof classes)[0], sizes[k] as number, labelled, attribute, weight),
        0,
      );
      if (triplets === 0) nothing += weight;
    });
  });
  for (const moments of classes)
    for (const key of Object.keys(moments) as (keyof typeof moments)[]) moments[key] /= all;
  return { classes, nothing: nothing / all };
}
