/**
 * How good predictions are, by the metrics that imbalanced data are judged by.
 *
 * @module
 */
import { classBalancedAccuracy, meanAccuracy, meanOfKnown, predictedLabels } from '../../spec/rules.js';
import type { AttributeClasses } from '../data/label-names.js';
import { attributeLabels, multiHotRows, singleLabels } from '../data/label-rows.js';
import type { ImageSource } from '../data/sources/source.js';
import { geometricMean, macroF1, meanAveragePrecision, shotAccuracy, shotGroups } from '../metrics/index.js';
import type { Scores } from './predict.js';

/** The metrics of a set; null where there is nothing to judge, or the metric is for the other kind of labels. */
export interface Evaluation {
  readonly images: number;
  /** Mean L_ce. */
  readonly crossEntropy: number;
  /** A_bln (Eq. 18), the mean over attributes; of several labels the mean over the labels of present against absent. */
  readonly balancedAccuracy: number | null;
  /** Where each image has one class, of each attribute: then means over attributes. */
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
  /** Where each image has one class: how many images of a class were taken for which; pairs without one are left out. */
  readonly confusion?: readonly ConfusedPair[];
}

/** True class, predicted class, and how many images. */
export type ConfusedPair = readonly [actual: number, predicted: number, images: number];

/** What is evaluated. */
export interface Evaluated {
  readonly source: Pick<ImageSource, 'records' | 'classes'>;
  readonly scores: Scores;
  /** Training images by class. */
  readonly counts: readonly number[];
}

/** Evaluates images of one class each: the class of the highest score is predicted. */
export function evaluateSingle({ source, scores, counts }: Evaluated): Evaluation {
  const K = source.classes.length;
  const actual = singleLabels(source);
  const { predicted } = scores;
  const { accuracy, sensitivity } = classBalancedAccuracy(actual, predicted, K);
  return {
    images: actual.length,
    crossEntropy: scores.crossEntropy,
    balancedAccuracy: accuracy,
    geometricMean: geometricMean(actual, predicted, K),
    macroF1: macroF1(actual, predicted, K).f1,
    meanAveragePrecision: null,
    shots: shotAccuracy(actual, predicted, counts),
    recall: sensitivity,
    confusion: confusedPairs(actual, predicted, K),
  };
}

/**
 * Evaluates images of one class of each of several attributes: means over the attributes, as Eq. 18 has them.
 * Unlabelled attributes are left out.
 */
export function evaluateAttributes(
  { source, scores, counts }: Evaluated,
  attributes: readonly AttributeClasses[],
): Evaluation {
  const actual = attributeLabels({ ...source, attributes });
  const judged = attributes.map(({ classes }, j) => {
    const [its, found] = [actual, scores.byAttribute].map((rows) => rows.map((row) => row[j] as number));
    const args = [its as number[], found as number[], classes.length] as const;
    return { sides: classBalancedAccuracy(...args), mean: geometricMean(...args), f1: macroF1(...args).f1 };
  });
  const recall = judged.flatMap(({ sides }) => sides.sensitivity);
  const groups = shotGroups(counts);
  const ofGroup = (group: readonly number[]) => meanOfKnown(group.map((k) => recall[k] ?? null));
  return {
    images: actual.length,
    crossEntropy: scores.crossEntropy,
    balancedAccuracy: meanAccuracy(judged.map(({ sides }) => sides)),
    geometricMean: meanOfKnown(judged.map(({ mean }) => mean)),
    macroF1: meanOfKnown(judged.map(({ f1 }) => f1)),
    meanAveragePrecision: null,
    shots: { many: ofGroup(groups.many), medium: ofGroup(groups.medium), few: ofGroup(groups.few) },
    recall,
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
