import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BatchInput,
  createBatch,
  crossEntropy,
  crossEntropyGradient,
  SMALLEST_PROBABILITY,
  toProbabilities,
} from '../../spec/index.js';
import type { FlatSchema } from './batch/flat-schema.js';
import { inRows, LAYOUTS } from './batch/scores.test-helper.js';
import { anyRows, FLAT_SCHEMAS } from './batch/selection.test-helper.js';
import { crossEntropyOfLogits, crossEntropyOfProbabilities, throughLogits } from './cross-entropy.js';

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

function batchOf({ source, width }: FlatSchema, { rows, scores }: Drawn, fromLogits: boolean) {
  const { encoding, attributes } = source;
  const input = { encoding, attributes, labels: rows, scores: inRows(scores, width), fromLogits };
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
const anyLogit = fc.oneof(fc.constantFrom(0, -0, 1, 800, -800), fc.double({ min: -9, max: 9, noNaN: true }));
const WEIGHT = 0.75;

describe.each(Object.values(FLAT_SCHEMAS))('of $encoding labels', (schema) => {
  it('that of probabilities equals the specification’s, and its derivative is added to the gradient', () => {
    fc.assert(
      fc.property(anyBatch(schema, anyProbability), (drawn) => {
        const batch = batchOf(schema, drawn, false);
        const gradient = Float64Array.from([...drawn.scores.map(() => 3), ...LEFTOVERS]);
        const size = drawn.rows.length;
        const found = crossEntropyOfProbabilities(
          schema,
          labelsOf(drawn),
          viewOf(drawn),
          size,
          WEIGHT,
          gradient,
        );
        expect(found).toBeCloseTo(crossEntropy(batch), 11);
        const right = Array.from(crossEntropyGradient(batch).data, (slope) => 3 + WEIGHT * slope);
        [...right, ...LEFTOVERS].forEach((slope, at) => {
          expect(gradient[at]).toBeCloseTo(slope, 6);
        });
      }),
      { seed: 1 },
    );
  });

  it('that of logits equals the specification’s, and so do the probabilities', () => {
    fc.assert(
      fc.property(anyBatch(schema, anyLogit), (drawn) => {
        const batch = batchOf(schema, drawn, true);
        const probabilities = Float64Array.from([...drawn.scores, ...LEFTOVERS]);
        const found = crossEntropyOfLogits(
          schema,
          labelsOf(drawn),
          viewOf(drawn),
          drawn.rows.length,
          probabilities,
        );
        expect(found).toBeCloseTo(crossEntropy(batch), 11);
        [...toProbabilities(batch).scores.data, ...LEFTOVERS].forEach((p, at) => {
          expect(probabilities[at]).toBeCloseTo(p, 12);
        });
      }),
      { seed: 1 },
    );
  });

  it('that of logits is NaN if any is not finite, of a labelled sample or not', () => {
    const anyCase = fc.record({
      drawn: anyBatch(schema, anyLogit),
      at: fc.nat(),
      bad: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    });
    fc.assert(
      fc.property(anyCase, ({ drawn, at, bad }) => {
        const { rows, scores } = drawn;
        const spoilt = { ...drawn, scores: scores.with(at % scores.length, bad) };
        const probabilities = new Float64Array(scores.length);
        expect(
          crossEntropyOfLogits(schema, labelsOf(drawn), viewOf(spoilt), rows.length, probabilities),
        ).toBeNaN();
      }),
      { seed: 1 },
    );
  });

  it('a derivative is carried to the logits by the chain rule, and that of the cross entropy is added', () => {
    const anyCase = anyBatch(schema, anyLogit).chain((drawn) =>
      fc.record({
        drawn: fc.constant(drawn),
        slopes: fc.array(fc.double({ min: -5, max: 5, noNaN: true }), {
          minLength: drawn.scores.length,
          maxLength: drawn.scores.length,
        }),
      }),
    );
    fc.assert(
      fc.property(anyCase, ({ drawn, slopes }) => {
        const batch = batchOf(schema, drawn, true);
        const p = Array.from(toProbabilities(batch).scores.data);
        const loss = crossEntropyGradient(batch).data;
        const right = p.map((own, at) => {
          const slope = slopes[at];
          if (schema.encoding !== 'categorical') return own * (1 - own) * slope;
          const c = at % schema.width;
          const row = at - c;
          const j = schema.attributeOf[c];
          let mean = 0;
          for (let k = row + schema.first[j]; k < row + schema.first[j + 1]; k++) {
            mean += slopes[k] * p[k];
          }
          return own * (slope - mean);
        });
        const gradient = Float64Array.from([...slopes, ...LEFTOVERS]);
        const probabilities = Float64Array.from([...p, ...LEFTOVERS]);
        throughLogits(schema, labelsOf(drawn), probabilities, drawn.rows.length, WEIGHT, gradient);
        right.forEach((slope, at) => {
          expect(gradient[at]).toBeCloseTo(slope + WEIGHT * loss[at], 12);
        });
        expect(Array.from(gradient.subarray(slopes.length))).toEqual(LEFTOVERS);
      }),
      { seed: 1 },
    );
  });
});
