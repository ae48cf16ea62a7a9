/**
 * Small batches of labels, with the minority classes that are to be looked at.
 *
 * @module
 */
import fc from 'fast-check';
import { type AttributeInput, createSchema, type Encoding } from '../../../spec/index.js';
import { layOut, type Plan } from './flat-schema.js';
import { adoptTasks, countClasses, createSelection, type Selection } from './selection.js';

/** Labels row by row, and what a kernel knows of them. */
export interface Labelled {
  readonly plan: Plan;
  readonly labels: Int32Array;
  readonly size: number;
  readonly selection: Selection;
}

/** A schema of each encoding; the first has attributes of unlike size. */
export const PLANS: Readonly<Record<Encoding, Plan>> = {
  categorical: planOf('categorical', [3, 2, 4]),
  'multi-label': planOf('multi-label', [2, 2, 2]),
  'one-attribute': planOf('one-attribute', [4]),
};

function planOf(encoding: Encoding, attributes: readonly AttributeInput[]): Plan {
  return layOut(createSchema({ encoding, attributes }));
}

/** @param minority - whether a class is one to be looked at, if it has members at all */
export function labelled(
  plan: Plan,
  rows: readonly (readonly number[])[],
  minority: (column: number) => boolean,
): Labelled {
  const labels = Int32Array.from(rows.flat());
  const selection = createSelection(plan);
  countClasses(plan, labels, rows.length, selection);
  const classes: number[][] = Array.from({ length: plan.attributes }, () => []);
  for (let c = 0; c < plan.columns; c++) {
    if (minority(c)) classes[plan.attributeOf[c]]?.push(plan.classOf[c]);
  }
  adoptTasks(plan, classes, selection);
  return { plan, labels, size: rows.length, selection };
}

/** Labels of as many samples as it takes; any may be unlabelled, where the encoding has that. */
export function anyRows(plan: Plan, fewest: number, most: number): fc.Arbitrary<number[][]> {
  const label = (at: number) => {
    const classes = plan.first[at + 1] - plan.first[at];
    if (plan.encoding === 'categorical') return fc.integer({ min: -1, max: classes - 1 });
    return fc.integer({ min: plan.encoding === 'one-attribute' ? 0 : -1, max: 1 });
  };
  const row = fc.tuple(...Array.from({ length: plan.labelWidth }, (_, at) => label(at)));
  return fc.array(row, { minLength: fewest, maxLength: most });
}

/** Batches of up to 12 samples, of which any classes are in the minority. */
export const anyLabelled: fc.Arbitrary<Labelled> = fc.constantFrom(...Object.values(PLANS)).chain((plan) =>
  fc
    .record({
      rows: anyRows(plan, 1, 12),
      minority: fc.array(fc.boolean(), { minLength: plan.columns, maxLength: plan.columns }),
    })
    .map(({ rows, minority }) => labelled(plan, rows, (c) => minority[c])),
);

/** The columns of a sample's classes, ascending: what its labels say. */
export function columnsOf({ plan, labels }: Labelled, sample: number): number[] {
  const row = Array.from(labels.subarray(sample * plan.labelWidth, (sample + 1) * plan.labelWidth));
  const columns = {
    categorical: () => row.map((label, j) => (label < 0 ? -1 : plan.first[j] + label)),
    'multi-label': () => row.map((label, s) => (label < 0 ? -1 : 2 * s + label)),
    'one-attribute': () => row.map((label, c) => (label === 1 ? c : -1)),
  }[plan.encoding]();
  return columns.filter((c) => c >= 0);
}
