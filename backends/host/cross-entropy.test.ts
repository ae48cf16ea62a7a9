import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BatchInput,
  createBatch,
  crossEntropyGradient,
  SMALLEST_PROBABILITY,
  crossEntropy as specified,
} from '../../spec/index.js';
import type { FlatSchema } from './batch/flat-schema.js';
import { inRows, LAYOUTS } from './batch/scores.test-helper.js';
import { anyRows, FLAT_SCHEMAS } from './batch/selection.test-helper.js';
import { addCrossEntropySlopes, crossEntropy } from './cross-entropy.js';

interface Drawn {
  readonly rows: readonly (readonly number[])[];
  readonly scores: readonly number[];
  readonly layout: string;
}

function anyBatch(schema: FlatSchema, score: fc.Arbitrary<number>): fc.Arbitrary<Drawn> {
  return fc.integer({ min: 1, max: 5 }).chain((size) =>
    fc.record({
      rows: anyRows(schema, size, size),
      scores: fc.array(score, { minLength: size * schema.width, maxLength: size * schema.width }),
      layout: fc.constantFrom(...Object.keys(LAYOUTS)),
    }),
  );
}

function batchOf({ source, width }: FlatSchema, { rows, scores }: Drawn) {
  const { encoding, attributes } = source;
  const input = { encoding, attributes, labels: rows, scores: inRows(scores, width) };
  return createBatch(input as BatchInput);
}

const viewOf = ({ scores, layout, rows }: Drawn) => {
  const lay = LAYOUTS[layout];
  return lay(scores, rows.length);
};
const labelsOf = ({ rows }: Drawn) => Int32Array.from(rows.flat());

/** Numbers of an earlier batch after those of this one, which must stay as they are. */
const LEFTOVERS = [7, 7, 7];

const anyProbability = fc.oneof(
  fc.constantFrom(0, 1, SMALLEST_PROBABILITY, SMALLEST_PROBABILITY / 2, 1 - SMALLEST_PROBABILITY / 2),
  fc.double({ min: 0.01, max: 0.99, noNaN: true }),
);

describe.each(Object.values(FLAT_SCHEMAS))('of $encoding labels', (schema) => {
  it('that of probabilities equals the specification’s, and its derivative is added to the gradient', () => {
    fc.assert(
      fc.property(anyBatch(schema, anyProbability), (drawn) => {
        const batch = batchOf(schema, drawn);
        const gradient = Float64Array.from([...drawn.scores.map(() => 3), ...LEFTOVERS]);
        const size = drawn.rows.length;
        const terms = new Float64Array(size);
        const weights = Array.from({ length: size }, (_, i) => i + 0.5);
        expect(crossEntropy(schema, labelsOf(drawn), viewOf(drawn), size, terms)).toBeCloseTo(
          specified(batch),
          11,
        );
        expect(terms.reduce((a, b) => a + b) / size).toBeCloseTo(specified(batch), 11);
        addCrossEntropySlopes(schema, labelsOf(drawn), viewOf(drawn), size, (i) => weights[i], gradient);
        const weightAt = (at: number) => size * weights[Math.floor(at / schema.width)];
        const right = Array.from(crossEntropyGradient(batch).data, (slope, at) => 3 + weightAt(at) * slope);
        [...right, ...LEFTOVERS].forEach((slope, at) => {
          expect(gradient[at]).toBeCloseTo(slope, 6);
        });
      }),
      { seed: 1 },
    );
  });
});
