import { describe, expect, it } from 'vitest';
import { createSchema, type Encoding } from '../../spec/index.js';
import { SlopeList } from './arrays/slopes.js';
import { flattenSchema } from './batch/flat-schema.js';
import { rowMajor } from './batch/scores.js';
import { type ScoreDerivative, totalOf, writeScoreGradient } from './score-derivative.js';

const ALPHA = 0.25;
/** Two samples of four scores; two attributes of two classes if they are categorical. */
const P = [0.25, 0.75, 0.5, 0.5, 0.125, 0.875, 1, 0];
/** ∂L_crl/∂p by cell; two derivatives of one cell add up. */
const SLOPES = [
  [0, 1, 2],
  [0, 1, 1],
  [0, 2, -4],
  [1, 0, 8],
] as const;

function derivativeOf(
  encoding: Encoding,
  labels: readonly number[],
  fromLogits: boolean,
  numbers: Float32Array | Float64Array,
): ScoreDerivative {
  const attributes = { categorical: [2, 2], 'multi-label': [2, 2, 2, 2], 'one-attribute': [4] }[encoding];
  const slopes = new SlopeList();
  slopes.reset(SLOPES.length);
  for (const [i, s, slope] of SLOPES) slopes.add(i, s, slope, P[4 * i + s]);
  const schema = flattenSchema(createSchema({ encoding, attributes, fromLogits }));
  const probabilities = rowMajor(numbers, 4);
  return { schema, labels: Int32Array.from(labels), size: 2, probabilities, slopes, alpha: ALPHA };
}

/** The gradient by the chain rule, cell by cell: every cell of a group depends on every logit of it. */
function chained(encoding: Encoding, isOwn: (cell: number) => number | undefined, deltas: readonly number[]) {
  const total = deltas[0] + deltas[1];
  const slopeOf = (cell: number) =>
    SLOPES.reduce((sum, [i, s, slope]) => sum + (4 * i + s === cell ? slope : 0), 0);
  return P.map((p, cell) => {
    const own = isOwn(cell);
    const entropy =
      own === undefined ? 0 : (1 - ALPHA) * (deltas[Math.floor(cell / 4)] as number) * (p - own);
    if (encoding !== 'categorical') return ALPHA * total * slopeOf(cell) * p * (1 - p) + entropy;
    const group = cell - (cell % 2);
    let rectification = 0;
    for (const k of [group, group + 1]) {
      rectification += slopeOf(k) * (P[k] as number) * (Number(k === cell) - p);
    }
    return ALPHA * total * rectification + entropy;
  });
}

const CASES = [
  // sample 1 is unlabelled for the second attribute
  ['categorical', [1, 0, 0, -1], [0, 1, 1, 0, 1, 0, undefined, undefined]],
  ['multi-label', [1, 0, -1, 1, 0, 0, 1, -1], [1, 0, undefined, 1, 0, 0, 1, undefined]],
  ['one-attribute', [1, 0, 0, 1, 0, 0, 1, 0], [1, 0, 0, 1, 0, 0, 1, 0]],
] as const;

describe.each(CASES)('of %s labels', (encoding, labels, owns) => {
  it.each([
    ['each its own', Float32Array.of(0.5, -1.5), [0.5, -1.5]],
    ['all the same', 0.5, [0.5, 0.5]],
  ] as const)('from logits, the chain rule; upstream derivatives: %s', (_, upstream, deltas) => {
    const right = chained(encoding, (cell) => owns[cell], deltas);
    for (const numbers of [Float32Array.from(P), Float64Array.from(P)]) {
      const derivative = derivativeOf(encoding, labels, true, numbers);
      const apart = numbers.map(() => 7);
      writeScoreGradient(derivative, upstream, apart);
      right.forEach((slope, cell) => {
        expect(apart[cell]).toBeCloseTo(slope, 6);
      });
      writeScoreGradient(derivative, upstream, numbers); // in the place of the probabilities
      expect(numbers).toEqual(apart);
    }
  });

  it('from probabilities, both derivatives are added to zeros', () => {
    const numbers = Float64Array.from(P, (p) => Math.min(Math.max(p, 0.125), 0.875));
    const derivative = derivativeOf(encoding, labels, false, numbers);
    const into = new Float64Array(8).fill(7);
    writeScoreGradient(derivative, Float32Array.of(0.5, -1.5), into);
    const right = Array.from(numbers, (p, cell) => {
      const own = owns[cell];
      const delta = (1 - ALPHA) * (cell < 4 ? 0.5 : -1.5);
      const absent = encoding === 'categorical' ? 0 : delta / (1 - p);
      return own === undefined ? 0 : own === 1 ? -delta / p : absent;
    });
    for (const [i, s, slope] of SLOPES) right[4 * i + s] = (right[4 * i + s] as number) + ALPHA * -1 * slope;
    right.forEach((slope, cell) => {
      expect(into[cell]).toBeCloseTo(slope, 12);
    });
  });
});

it('totals of upstream derivatives', () => {
  expect([totalOf(0.5, 4), totalOf(Float32Array.of(1, 2, -4), 3)]).toEqual([2, -1]);
});
