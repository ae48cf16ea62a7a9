/**
 * Scores: how they are checked, and how the stages read them: one number for each sample and class
 * column.
 *
 * @module
 */
import type { Batch, Schema } from './contract.js';
import { described, outOfRange, wrongType } from './errors.js';
import { type EntryReader, type Matrix, readMatrix } from './matrix.js';

/** How far a probability may lie outside [0, 1] (ruling: probabilities). */
export const PROBABILITY_TOLERANCE = 1e-6;

/** The smallest probability whose logarithm is taken (ruling: cross entropy). */
export const SMALLEST_PROBABILITY = 1e-7;

/**
 * Checks the shape of some scores; their entries are checked as they are visited, and visited as
 * they are, also inside the tolerance (rulings: precision, probabilities).
 *
 * @param size - n
 * @throws InputTypeError, InputRangeError - naming the score that is wrong
 */
export function readScores(schema: Schema, scores: Matrix<number>, size: number): EntryReader {
  const { scoreWidth, fromLogits } = schema;
  const given = readMatrix<number>('scores', scores, scoreWidth);
  if (given.rows !== size) outOfRange('wrong-shape', 'scores', `${size} rows, one per sample`, given.rows);
  const lowest = fromLogits ? -Number.MAX_VALUE : -PROBABILITY_TOLERANCE;
  const highest = fromLogits ? Number.MAX_VALUE : 1 + PROBABILITY_TOLERANCE;
  return {
    visit(entry) {
      for (let i = 0; i < size; i++) {
        for (let s = 0; s < scoreWidth; s++) {
          const score: unknown = given.at(i, s);
          if (!(typeof score === 'number' && score >= lowest && score <= highest)) refuseScore(score, i, s);
          entry(i, s, score as number);
        }
      }
    },
  };
}

/**
 * Checks n×S scores that lie row by row in one list, as the memory of a tensor holds them.
 *
 * @param size - n
 * @throws InputRangeError - naming the score that is wrong
 */
export function checkScoreValues(schema: Schema, values: ArrayLike<number>, size: number): void {
  const width = schema.scoreWidth;
  const matrix = { shape: [size, width], get: (i: number, s: number) => values[i * width + s] };
  readScores(schema, matrix as Matrix<number>, size).visit(() => {});
}

function refuseScore(score: unknown, i: number, s: number): never {
  const where = `scores[${i}][${s}]`;
  if (typeof score !== 'number') return wrongType('wrong-type', where, 'a number', score);
  if (!Number.isFinite(score)) return outOfRange('score-not-finite', where, 'a finite number', score);
  return outOfRange('score-out-of-range', where, 'a probability in [0, 1]', score);
}

/** s_ic, the score of sample i on a class column; the absent side of a label is p(present) in reverse. */
export function classScore(batch: Batch, sample: number, column: number): number {
  const { score, sign } = batch.columns[column] as { score: number; sign: number };
  return sign * batch.scores.get(sample, score);
}

/**
 * Refuses logits where probabilities are ranked or measured (ruling: probabilities).
 *
 * @throws InputRangeError
 */
export function requireProbabilities(batch: Pick<Batch, 'scored' | 'fromLogits'>): void {
  requireScores(batch);
  if (batch.fromLogits)
    outOfRange('option-out-of-range', 'batch', 'probabilities, never logits', described('logits'));
}

/**
 * Refuses a batch without scores where they are needed.
 *
 * @throws InputRangeError
 */
export function requireScores(batch: Pick<Batch, 'scored'>): void {
  if (!batch.scored) outOfRange('scores-missing', 'scores', 'n×S scores', described('none'));
}
