import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  type BatchInput,
  createBatch,
  createSchema,
  type Options,
  resolveOptions,
} from '../../../spec/index.js';
import { GradientSum, SlopeList } from '../arrays/slopes.js';
import { type FlatSchema, flattenSchema } from '../batch/flat-schema.js';
import { inRows, LAYOUTS } from '../batch/scores.test-helper.js';
import { countClasses, createSelection, selectMinorityClasses, tripletCount } from '../batch/selection.js';
import { anyRows, FLAT_SCHEMAS } from '../batch/selection.test-helper.js';
import { rectified } from '../rectification.test-helper.js';
import { ClassLevelComparison, type MinedBatch } from './comparisons.js';
import { Miner } from './mining.js';

interface Drawn {
  readonly rows: readonly (readonly number[])[];
  readonly scores: readonly number[];
}

/** Scores of few values, so that many tie and no hinge is rounded. */
function anyBatch(schema: FlatSchema, largest: number): fc.Arbitrary<Drawn> {
  return fc.integer({ min: 1, max: largest }).chain((size) =>
    fc.record({
      rows: anyRows(schema, size, size),
      scores: fc.array(
        fc.integer({ min: 0, max: 4 }).map((x) => x / 4),
        { minLength: size * schema.width, maxLength: size * schema.width },
      ),
    }),
  );
}

class Compared {
  private readonly selection;
  private readonly miner;
  readonly classLevel;

  constructor(
    private readonly schema: FlatSchema,
    private readonly options: Options,
  ) {
    this.selection = createSelection(schema);
    this.miner = new Miner(schema);
    this.classLevel = new ClassLevelComparison(schema, options, this.miner);
  }

  mine({ rows, scores }: Drawn, layout = 'rows'): MinedBatch {
    const { schema, selection, options, miner } = this;
    const labels = Int32Array.from(rows.flat());
    const view = LAYOUTS[layout]?.(scores, rows.length);
    countClasses(schema, labels, rows.length, selection);
    selectMinorityClasses(schema, options.rho, selection);
    expect(miner.mine(labels, view, selection, options.kappa)).toBe(true);
    return { labels, scores: view, selection, triplets: tripletCount(selection, options.kappa) };
  }
}

function expected({ source, width }: FlatSchema, { rows, scores }: Drawn, options: Options) {
  const { encoding, attributes } = source;
  const batch = createBatch({
    encoding,
    attributes,
    labels: rows,
    scores: inRows(scores, width),
  } as BatchInput);
  return rectified(batch, options);
}

const WEIGHT = 0.5;

describe.each(Object.values(FLAT_SCHEMAS))('of $encoding labels', (schema) => {
  it.each(['relative', 'absolute', 'distribution'] as const)(
    'the loss, its gradient and the active triplets are those of the specification, also after other batches, %s',
    (comparison) => {
      const anyCase = fc.record({
        batches: fc.array(anyBatch(schema, 24), { minLength: 1, maxLength: 3 }),
        kappa: fc.integer({ min: 1, max: 4 }),
        rho: fc.constantFrom(0.3, 1),
        layout: fc.constantFrom(...Object.keys(LAYOUTS)),
      });
      fc.assert(
        fc.property(anyCase, ({ batches, kappa, rho, layout }) => {
          const margin = Array.from({ length: schema.attributes }, (_, j) => (j + 1) / 4);
          const options = resolveOptions(schema.source, { comparison, kappa, rho, margin, bins: 7 });
          const compared = new Compared(schema, options);
          for (const drawn of batches) {
            const right = expected(schema, drawn, options);
            const gradient = new Float64Array(drawn.scores.length).fill(3); // the derivative is added to it
            const { classLevel } = compared;
            const sum = new GradientSum(gradient, schema.width);
            expect(classLevel.compare(compared.mine(drawn, layout), WEIGHT, sum)).toBeCloseTo(right.loss, 12);
            right.gradient.forEach((slope, at) => {
              expect(gradient[at]).toBeCloseTo(3 + WEIGHT * slope, 12);
            });
            expect(classLevel.active).toBe(comparison === 'relative' ? right.active : 0);
          }
        }),
        { seed: 1, numRuns: 40 },
      );
    },
  );
});

describe('members that tie with the last listed positive', () => {
  // at most one minority class per attribute, so that one batch can have more than the next
  const schema = flattenSchema(createSchema({ attributes: [2, 2] }));
  const options = resolveOptions(schema.source, { kappa: 1, rho: 0.5 });
  const compared = new Compared(schema, options);
  /** Class 0 is the minority class of the attributes named; all scores of class 1 are 0.5. */
  const drawn = (scoresOf0: readonly number[], attributes: readonly number[]): Drawn => ({
    rows: Array.from({ length: 2 * scoresOf0.length }, (_, i) =>
      [0, 1].map((j) => (attributes.includes(j) && i < scoresOf0.length ? 0 : 1)),
    ),
    scores: Array.from({ length: 2 * scoresOf0.length }, (_, i) =>
      [0, 1].flatMap(() => [scoresOf0[i] ?? 0.5, 0.5]),
    ).flat(),
  });
  /** Whether the comparison reads the labels of a mined batch. */
  function areRead(batch: Drawn): boolean {
    let read = false;
    const { labels, ...mined } = compared.mine(batch);
    const observed = new Proxy(labels, {
      get: (of, key) => {
        read = true;
        return Reflect.get(of, key, of);
      },
    });
    compared.classLevel.compare({ ...mined, labels: observed }, 1, new SlopeList());
    return read;
  }

  it('are searched for if the last listed positive ties with the one before it and there are more members', () => {
    expect(areRead(drawn([0.25, 0.25, 0.25], [0]))).toBe(true);
    expect(areRead(drawn([0.25, 0.25, 0.75], [1]))).toBe(true);
  });

  it('are not searched for otherwise, since that takes as long as all the rest', () => {
    expect(areRead(drawn([0.25, 0.25, 0.25], [0, 1]))).toBe(true);
    expect(areRead(drawn([0.25, 0.5, 0.5], [0]))).toBe(false);
    expect(areRead(drawn([0.5, 0.25, 0.75], [0, 1]))).toBe(false);
    // all members are listed
    expect(areRead(drawn([0.25, 0.25], [0]))).toBe(false);
  });
});
