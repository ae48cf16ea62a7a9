/**
 * How good predictions are, by the metrics that imbalanced data are judged by.
 *
 * @module
 */
import { classBalancedAccuracy, meanAccuracy, meanOfKnown, predictedLabels } from '../../spec/rules.js';
import type { AttributeClasses } from '../data/label-names.js';
import { multiHotRows } from '../data/label-rows.js';
import type { ImageSource } from '../data/sources/source.js';
import { geometricMean, macroF1, meanAveragePrecision, shotGroups } from '../metrics/index.js';
import { attributeColumns, classOf } from './attributes.js';
import type { Scores } from './predict.js';

/** The metrics of a set; null where there is nothing to judge, or the metric is for the other kind of labels. */
export interface Evaluation {
  readonly images: number;
  /** Mean L_ce. */
  readonly crossEntropy: number;
  /** A_bln (Eq. 18); of several labels the mean over the labels of present against absent. */
  readonly balancedAccuracy: number | null;
  /** Where each image has one class. */
  readonly geometricMean: number | null;
  readonly macroF1: number | null;
  /** Where an image may have several labels. */
  readonly meanAveragePrecision: number | null;
  /** Mean recall of a group's classes, or mean average precision of its labels. */
  readonly shots: {
    readonly many: number | null;
    readonly medium: number | null;
    readonly few: number | null;
  };
  /** By class. */
  readonly recall: readonly (number | null)[];
  /** By label, where an image may have several. */
  readonly averagePrecision?: readonly (number | null)[];
  /** Where each image has one class: how many images of each class were predicted as which; pairs without images are left out. */
  readonly confusion?: readonly ConfusedPair[];
}

/** True class, predicted class, and how many images. */
export type ConfusedPair = readonly [actual: number, predicted: number, images: number];

/** What is evaluated. */
export interface Evaluated {
  readonly source: Pick<ImageSource, 'records' | 'classes'>;
  /** Where each image has one class of each of several attributes. */
  readonly attributes?: readonly AttributeClasses[];
  readonly scores: Scores;
  /** Training images by class. */
  readonly counts: readonly number[];
}

/**
 * Evaluates images of one class per attribute, that of the highest score; means over the attributes, where
 * there are several. An image without a label of an attribute does not count there.
 */
export function evaluateSingle({ source, attributes, scores, counts }: Evaluated): Evaluation {
  const { records } = source;
  const byAttribute = attributeColumns({ classes: source.classes, ...(attributes && { attributes }) }).map(
    (attribute) => {
      const labelled = [...records.keys()].filter((i) => classOf(records[i]?.labels ?? [], attribute) >= 0);
      const actual = labelled.map((i) => classOf(records[i]?.labels ?? [], attribute));
      const predicted = labelled.map((i) => classOf(scores.predicted[i] ?? [], attribute));
      const { from, classes: K } = attribute;
      return {
        accuracy: classBalancedAccuracy(actual, predicted, K),
        geometricMean: geometricMean(actual, predicted, K),
        macroF1: macroF1(actual, predicted, K).f1,
        pairs: confusedPairs(actual, predicted, K).map(
          ([a, p, images]) => [a + from, p + from, images] as const,
        ),
      };
    },
  );
  const recall = byAttribute.flatMap(({ accuracy }) => accuracy.sensitivity);
  const groups = shotGroups(counts);
  const ofGroup = (group: readonly number[]) => meanOfKnown(group.map((k) => recall[k] ?? null));
  return {
    images: records.length,
    crossEntropy: scores.crossEntropy,
    balancedAccuracy: meanAccuracy(byAttribute.map(({ accuracy }) => accuracy)),
    geometricMean: meanOfKnown(byAttribute.map((each) => each.geometricMean)),
    macroF1: meanOfKnown(byAttribute.map((each) => each.macroF1)),
    meanAveragePrecision: null,
    shots: { many: ofGroup(groups.many), medium: ofGroup(groups.medium), few: ofGroup(groups.few) },
    recall,
    confusion: byAttribute.flatMap(({ pairs }) => pairs),
  };
}

/** Pairs by true, then by predicted class; a matrix of thousands of classes would be millions of zeros. */
function confusedPairs(actual: readonly number[], predicted: readonly number[], K: number): ConfusedPair[] {
  const counts = new Map<number, number>();
  actual.forEach((k, i) => {
    const pair = k * K + (predicted[i] as number);
    counts.set(pair, (counts.get(pair) ?? 0) + 1);
  });
  return [...counts]
    .sort(([a], [b]) => a - b)
    .map(([pair, images]) => [Math.floor(pair / K), pair % K, images]);
}

/** Evaluates several labels per image: each whose score reaches its threshold is predicted. */
export function evaluateMulti(
  { source, scores, counts }: Evaluated,
  thresholds: number | readonly number[],
): Evaluation {
  const L = source.classes.length;
  const actual = multiHotRows(source);
  const predicted = predictedLabels(scores.scores, L, thresholds);
  const column = (rows: readonly (readonly number[])[], l: number) => rows.map((row) => row[l] as number);
  const labels = source.classes.map((_, l) => ({
    sides: classBalancedAccuracy(column(actual, l), column(predicted, l), 2),
    f1: macroF1(column(actual, l), column(predicted, l), 2).byClass[1] ?? null,
  }));
  const { mean, byLabel } = meanAveragePrecision(actual, scores.scores, L);
  const groups = shotGroups(counts);
  const ofGroup = (group: readonly number[]) => meanOfKnown(group.map((l) => byLabel[l] ?? null));
  return {
    images: actual.length,
    crossEntropy: scores.crossEntropy,
    balancedAccuracy: meanAccuracy(labels.map(({ sides }) => sides)),
    geometricMean: null,
    macroF1: meanOfKnown(labels.map(({ f1 }) => f1)),
    meanAveragePrecision: mean,
    shots: { many: ofGroup(groups.many), medium: ofGroup(groups.medium), few: ofGroup(groups.few) },
    recall: labels.map(({ sides }) => sides.sensitivity[1] ?? null),
    averagePrecision: byLabel,
  };
}
