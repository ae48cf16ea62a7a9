import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BatchInput,
  createBatch,
  createSchema,
  crossEntropy,
  toProbabilities,
} from '../../spec/index.js';
import type { FloatArray } from './arrays/float-array.js';
import { type FlatSchema, flattenSchema } from './batch/flat-schema.js';
import { rowMajor, type ScoreView } from './batch/scores.js';
import { inRows, LAYOUTS } from './batch/scores.test-helper.js';
import { anyRows, FLAT_SCHEMAS } from './batch/selection.test-helper.js';
import { Probabilities } from './probabilities.js';
import type { SimdFunctions } from './simd/functions.js';

/** Engines: SIMD computes float32 only, and JavaScript whatever is left. */
const ENGINES = [
  ['float32', 'SIMD', 4e-7],
  ['float32', 'JavaScript', 4e-7],
  ['float64', 'either', 1e-12],
] as const;

/** Numbers of an earlier batch after those of this one, which must stay as they are. */
const LEFTOVERS = [7, 7, 7];

const anyLogit = fc
  .oneof(fc.constantFrom(0, -0, 1, 800, -800, -95, 1e30), fc.double({ min: -9, max: 9, noNaN: true }))
  .map(Math.fround);

interface Drawn {
  readonly rows: readonly (readonly number[])[];
  readonly scores: readonly number[];
  readonly layout: string;
}

function anyBatch(schema: FlatSchema): fc.Arbitrary<Drawn> {
  return fc.integer({ min: 1, max: 5 }).chain((size) =>
    fc.record({
      rows: anyRows(schema, size, size),
      scores: fc.array(anyLogit, { minLength: size * schema.width, maxLength: size * schema.width }),
      layout: fc.constantFrom(...Object.keys(LAYOUTS)),
    }),
  );
}

/** What is written, what it returns, and the terms of the samples. */
function found(
  schema: FlatSchema,
  { rows, scores, layout }: Drawn,
  [precision, by]: readonly [string, string, number],
) {
  const into = Float64Array.from([...scores, ...LEFTOVERS]);
  const view = LAYOUTS[layout](scores, rows.length);
  const narrow = precision === 'float32';
  const target: FloatArray = narrow ? Float32Array.from(into) : into;
  const logits: ScoreView = narrow ? { ...view, data: Float32Array.from(view.data) } : view;
  const made =
    by === 'JavaScript'
      ? new Probabilities(schema, null as unknown as SimdFunctions)
      : new Probabilities(schema);
  const terms = new Float64Array(rows.length);
  const mean = made.write(Int32Array.from(rows.flat()), logits, rows.length, target, terms);
  return { mean, terms, probabilities: Array.from(target) };
}

describe.each(ENGINES)('of %s, by %s,', (...engine) => {
  const [, , error] = engine;
  it.each(Object.values(FLAT_SCHEMAS))('$encoding: the specification’s probabilities and L_ce', (schema) => {
    fc.assert(
      fc.property(anyBatch(schema), (drawn) => {
        const { encoding, attributes } = schema.source;
        const scores = inRows(drawn.scores, schema.width);
        const input = { encoding, attributes, labels: drawn.rows, scores, fromLogits: true } as BatchInput;
        const batch = createBatch(input);
        const { mean, terms, probabilities } = found(schema, drawn, engine);
        const right = crossEntropy(batch);
        const near = (value: number, wanted: number) =>
          expect(Math.abs(value - wanted)).toBeLessThanOrEqual(error * (1 + Math.abs(wanted)));
        near(mean, right);
        near(terms.reduce((a, b) => a + b) / drawn.rows.length, right);
        [...toProbabilities(batch).scores.data].forEach((p, at) => {
          near(probabilities[at], p);
        });
        expect(probabilities.slice(drawn.scores.length)).toEqual(LEFTOVERS);
      }),
      { seed: 1 },
    );
  });

  it.each(Object.values(FLAT_SCHEMAS))('$encoding: NaN for a logit that is not finite', (schema) => {
    const anyCase = fc.record({
      drawn: anyBatch(schema),
      at: fc.nat(),
      bad: fc.constantFrom(Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY),
    });
    fc.assert(
      fc.property(anyCase, ({ drawn, at, bad }) => {
        const scores = drawn.scores.with(at % drawn.scores.length, bad);
        expect(found(schema, { ...drawn, scores }, engine).mean).toBeNaN();
      }),
      { seed: 1 },
    );
  });
});

describe('with SIMD', () => {
  /** One attribute; labels are of the first class, logits repeat after 7 numbers. */
  function ofWidth(width: number, size: number, encoding: 'categorical' | 'one-attribute') {
    const schema = flattenSchema(createSchema({ attributes: [width], encoding, fromLogits: true }));
    const labels = new Int32Array(size * schema.labelWidth);
    const logits = Float32Array.from({ length: size * width }, (_, at) => (at % 7) - 3);
    const written = (simd?: SimdFunctions | null) => {
      const into = new Float32Array(size * width);
      const made = simd === null ? new Probabilities(schema, null as never) : new Probabilities(schema);
      return { mean: made.write(labels, rowMajor(logits, width), size, into), into };
    };
    return { logits, fast: written(), plain: written(null) };
  }

  it.each([1, 2, 3, 4, 5, 7, 511, 512, 513, 1025, 40_000, 65_535, 65_537])(
    'rows of %d, in as many blocks as they need, are those of JavaScript',
    (width) => {
      for (const encoding of ['categorical', 'one-attribute'] as const) {
        if (encoding === 'categorical' && width === 1) continue;
        for (const size of width > 2000 ? [3] : [1, 2, 150]) {
          const { fast, plain } = ofWidth(width, size, encoding);
          expect(Math.abs(fast.mean - plain.mean)).toBeLessThanOrEqual(1e-6 * plain.mean);
          for (let at = 0; at < fast.into.length; at++) {
            if (Math.abs(fast.into[at] - plain.into[at]) > 4e-7 * plain.into[at])
              expect([at, fast.into[at]]).toEqual([at, plain.into[at]]);
          }
        }
      }
    },
  );

  it('equal logits of a row get equal probabilities, and larger ones larger, wherever they lie', () => {
    for (const width of [5, 28, 131]) {
      for (const encoding of ['categorical', 'one-attribute'] as const) {
        const { logits, fast } = ofWidth(width, 9, encoding);
        for (let row = 0; row < logits.length; row += width) {
          const cells = Array.from({ length: width }, (_, s) => row + s);
          cells.sort((a, b) => logits[a] - logits[b]);
          for (let k = 1; k < width; k++) {
            const [below, above] = [cells[k - 1], cells[k]];
            const step = fast.into[above] - fast.into[below];
            expect(Math.sign(step)).toBe(Math.sign(logits[above] - logits[below]));
          }
        }
      }
    }
  });

  it('the cross entropy of labels that are certain keeps its digits', () => {
    const schema = flattenSchema(createSchema({ attributes: [3], encoding: 'one-attribute' }));
    const logits = Float32Array.of(30, -30, -31, 60, -50, -60);
    const terms = new Float64Array(2);
    new Probabilities(schema).write(
      Int32Array.of(1, 0, 0, 1, 0, 0),
      rowMajor(logits, 3),
      2,
      new Float32Array(6),
      terms,
    );
    const right = [0, 3].map((row) =>
      [0, 1, 2].reduce((sum, s) => sum + Math.log1p(Math.exp(-Math.abs(logits[row + s]))), 0),
    );
    terms.forEach((term, i) => {
      expect(Math.abs(term - right[i])).toBeLessThanOrEqual(1e-6 * right[i]);
    });
  });
});
