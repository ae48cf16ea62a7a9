import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type BatchInput, createBatch, resolveOptions, selectMinority } from '../../../spec/index.js';
import type { Plan } from './flat-schema.js';
import {
  adoptTasks,
  countClasses,
  createSelection,
  pairCounts,
  type Selection,
  selectTasks,
  tripletCount,
} from './selection.js';
import { anyRows, columnsOf, PLANS } from './selection.test-helper.js';

/** Rows of labels and ρ; many rows are drawn as few that come again. */
function anyCase(plan: Plan) {
  return fc
    .record({
      rows: anyRows(plan, 1, 40),
      times: fc.integer({ min: 1, max: 5 }),
      rho: fc.oneof(fc.double({ min: 0.01, max: 1, noNaN: true }), fc.constantFrom(1 / 3, 0.5, 1)),
    })
    .map(({ rows, times, rho }) => ({ rows: Array.from({ length: times }, () => rows).flat(), rho }));
}

function expected({ schema }: Plan, rows: readonly (readonly number[])[], rho: number) {
  const { encoding, attributes } = schema;
  // what is selected does not depend on scores: none are read
  const features = rows.map(() => [0]);
  const batch = createBatch({ encoding, attributes, labels: rows, features } as BatchInput);
  return selectMinority(batch, resolveOptions(batch, { rho }));
}

const flat = (rows: readonly (readonly number[])[]) => Int32Array.from(rows.flat());

/** The classes of the tasks, attribute by attribute. */
function minorityOf({ attributes, attributeOf, classOf }: Plan, { tasks, column }: Selection): number[][] {
  const found: number[][] = Array.from({ length: attributes }, () => []);
  for (const c of column.subarray(0, tasks)) found[attributeOf[c]]?.push(classOf[c]);
  return found;
}

/** What of a selection follows from who is in the minority, said plainly. */
function expectWhole(plan: Plan, rows: readonly (readonly number[])[], selection: Selection): void {
  const { tasks, column, members, others, taskOf, profile } = selection;
  const batch = { plan, labels: flat(rows), size: rows.length, selection };
  const own = rows.map((_, i) => columnsOf(batch, i));
  const tellsOf = (c: number) => (i: number) =>
    plan.encoding === 'one-attribute' || own[i]?.some((d) => plan.attributeOf[d] === plan.attributeOf[c]);
  const samples = rows.map((_, i) => i);
  for (let c = 0; c < plan.columns; c++) {
    const size = own.filter((columns) => columns.includes(c)).length;
    expect(profile[c]).toBe(size);
    const task = column.subarray(0, tasks).indexOf(c);
    expect(taskOf[c]).toBe(task);
    if (task < 0) continue;
    expect(members[task]).toBe(size);
    expect(others[task]).toBe(samples.filter(tellsOf(c)).length - size);
  }
  const anchors = Array.from(members.subarray(0, tasks)).reduce((a, b) => a + b, 0);
  expect(selection.anchors).toBe(anchors);
}

describe.each(Object.values(PLANS))('of $encoding labels', (plan) => {
  it('the minority is the specification’s, whatever batch came before', () => {
    fc.assert(
      fc.property(fc.array(anyCase(plan), { minLength: 1, maxLength: 3 }), (batches) => {
        const selection = createSelection(plan);
        for (const { rows, rho } of batches) {
          expect(countClasses(plan, flat(rows), rows.length, selection)).toBe(true);
          selectTasks(plan, rho, selection);
          const right = expected(plan, rows, rho);
          expect(minorityOf(plan, selection)).toEqual(right.minority);
          expectWhole(plan, rows, selection);
        }
      }),
      { seed: 1, numRuns: 150 },
    );
  });

  it('a minority from elsewhere is taken as it is', () => {
    const rows = Array.from({ length: 9 }, (_, i) => new Array<number>(plan.labelWidth).fill(i % 2));
    const selection = createSelection(plan);
    countClasses(plan, flat(rows), rows.length, selection);
    selectTasks(plan, 1, selection);
    const minority = Array.from({ length: plan.attributes }, (_, j) => (j === 0 ? [1] : [0, 1]));
    adoptTasks(plan, minority, selection);
    expect(minorityOf(plan, selection)).toEqual(minority);
    expectWhole(plan, rows, selection);
  });

  it('labels that no class has are found wherever they are', () => {
    // more rows than are counted at once
    for (const size of [1, 3, 64, 65, 130]) {
      const labels = new Int32Array(size * plan.labelWidth);
      expect(countClasses(plan, labels, size, createSelection(plan))).toBe(true);
      for (const at of [0, labels.length >> 1, labels.length - 1]) {
        for (const bad of plan.encoding === 'one-attribute' ? [-1, 2, 3] : [-2, 4]) {
          expect(countClasses(plan, labels.with(at, bad), size, createSelection(plan))).toBe(false);
        }
      }
    }
  });

  it('triplets are κ² an anchor, and pairs 2κ, where there are so many samples', () => {
    fc.assert(
      fc.property(anyCase(plan), fc.integer({ min: 1, max: 9 }), ({ rows, rho }, kappa) => {
        const selection = createSelection(plan);
        // what a larger batch left behind counts for nothing
        const before = Array.from({ length: 8 }, (_, i) => new Array<number>(plan.labelWidth).fill(i % 2));
        for (const given of [before, rows]) {
          countClasses(plan, flat(given), given.length, selection);
          selectTasks(plan, given === before ? 1 : rho, selection);
        }
        let [triplets, positive, negative] = [0, 0, 0];
        for (let t = 0; t < selection.tasks; t++) {
          const members = selection.members[t];
          const positives = Math.min(kappa, members - 1);
          const negatives = Math.min(kappa, selection.others[t]);
          triplets += members * positives * negatives;
          positive += members * positives;
          negative += members * negatives;
        }
        expect(tripletCount(selection, kappa)).toBe(triplets);
        expect(pairCounts(selection, kappa)).toEqual({ positive, negative });
      }),
      { seed: 1 },
    );
  });
});
