/**
 * How good predictions are, by the metrics that imbalanced data are judged by.
 *
 * @module
 */
import {
  classBalancedAccuracy,
  meanAccuracy,
  meanOfKnown,
  predictedClasses,
  predictedLabels,
} from '../../spec/rules.js';
import { multiHotRows, singleLabels } from '../data/label-rows.js';
import type { ImageSource } from '../data/sources/source.js';
import { geometricMean, macroF1, meanAveragePrecision, shotAccuracy, shotGroups } from '../metrics/index.js';
import type { Scores } from './predict.js';

/** The metrics of a set; null where there is nothing to judge, or the metric is of the other kind of labels. */
export interface Evaluation {
  readonly images: number;
  /** Mean L_ce. */
  readonly crossEntropy: number;
  /** A_bln (Eq. 18); of several labels the mean over theirs, present against absent. */
  readonly balancedAccuracy: number | null;
  /** Of one label an image. */
  readonly geometricMean: number | null;
  readonly macroF1: number | null;
  /** Of several labels an image. */
  readonly meanAveragePrecision: number | null;
  /** Mean recall of a group's classes, or mean average precision of its labels. */
  readonly shots: {
    readonly many: number | null;
    readonly medium: number | null;
    readonly few: number | null;
  };
  /** By class. */
  readonly recall: readonly (number | null)[];
  /** By label, of several labels an image. */
  readonly averagePrecision?: readonly (number | null)[];
  /** Images by true and predicted class, of one label an image. */
  readonly confusion?: readonly (readonly number[])[];
}

/** What is evaluated. */
export interface Evaluated {
  readonly source: Pick<ImageSource, 'records' | 'classes'>;
  readonly scores: Scores;
  /** Training images by class. */
  readonly counts: readonly number[];
}

/** Evaluates one label an image: the class of the highest score is predicted. */
export function evaluateSingle({ source, scores, counts }: Evaluated): Evaluation {
  const K = source.classes.length;
  const actual = singleLabels(source);
  const predicted = predictedClasses(scores.scores, K);
  const { accuracy, sensitivity } = classBalancedAccuracy(actual, predicted, K);
  const confusion = source.classes.map(() => new Array<number>(K).fill(0));
  actual.forEach((k, i) => {
    const row = confusion[k] as number[];
    const guess = predicted[i] as number;
    row[guess] = (row[guess] as number) + 1;
  });
  return {
    images: actual.length,
    crossEntropy: scores.crossEntropy,
    balancedAccuracy: accuracy,
    geometricMean: geometricMean(actual, predicted, K),
    macroF1: macroF1(actual, predicted, K).f1,
    meanAveragePrecision: null,
    shots: shotAccuracy(actual, predicted, counts),
    recall: sensitivity,
    confusion,
  };
}

/** Evaluates several labels an image: each whose score reaches its threshold is predicted. */
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
