/**
 * What is found among the scores and features of a case.
 *
 * @module
 */
import { type Batch, SMALLEST_PROBABILITY } from '../../spec/index.js';

/** What is found among scores and features. */
export type InputFact =
  | 'outside-unit'
  | 'minus-zero'
  | 'subnormal'
  | 'beyond-float32'
  | 'entropy-floor'
  | 'large-logit'
  | 'huge-logit'
  | 'equal-logits'
  | 'far-features'
  | 'uneven-features';

/** e^z is infinite in float32 above the first, in float64 above the second. */
const [LARGE_LOGIT, HUGE_LOGIT] = [88.8, 709.8];
const SMALLEST_NORMAL = 2 ** -126;
/** Squares of such features lose digits that their differences keep. */
export const FAR = 1000;

export function inputFacts(batch: Batch): ReadonlySet<InputFact> {
  const found = new Set<InputFact>();
  const { scores, fromLogits, scored, presence, size, scoreWidth } = batch;
  let isBeyond = false; // holds for most scores of some cases
  for (let i = 0; scored && i < size; i++) {
    for (let s = 0; s < scoreWidth; s++) {
      const score = scores.get(i, s);
      if (Math.fround(score) !== score) isBeyond = true;
      if (fromLogits) {
        if (Math.abs(score) > LARGE_LOGIT) found.add('large-logit');
        if (Math.abs(score) > HUGE_LOGIT) found.add('huge-logit');
        if (i > 0 && score === scores.get(i - 1, s)) found.add('equal-logits');
        continue;
      }
      if (score < 0 || score > 1) found.add('outside-unit');
      if (Object.is(score, -0)) found.add('minus-zero');
      if (score !== 0 && Math.abs(score) < SMALLEST_NORMAL) found.add('subnormal');
      if (score <= SMALLEST_PROBABILITY && batch.membership.get(i, presence[s] as number) === 1)
        found.add('entropy-floor');
    }
  }
  if (isBeyond) found.add('beyond-float32');
  let isUneven = false; // likewise for features
  for (const matrix of batch.features?.matrices ?? []) {
    const [rows, width] = matrix.shape as [number, number];
    for (let i = 0; i < rows; i++) {
      for (let t = 0; t < width; t++) {
        const value = matrix.get(i, t);
        if (Math.abs(value) > FAR) found.add('far-features');
        if (!Number.isInteger(value * 8)) isUneven = true;
      }
    }
  }
  if (isUneven) found.add('uneven-features');
  return found;
}
