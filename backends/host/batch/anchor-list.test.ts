import fc from 'fast-check';
import { expect, it } from 'vitest';
import { AnchorList } from './anchor-list.js';
import { anyLabelled, columnsOf, FLAT_SCHEMAS, type Labelled, labelled } from './selection.test-helper.js';

/** The members of those minority classes for which `wanted` holds, ascending. */
function samplesOf(batch: Labelled, wanted: (column: number) => boolean): number[] {
  const { size, selection } = batch;
  const minority = Array.from(selection.column.subarray(0, selection.minorityCount)).filter(wanted);
  return Array.from({ length: size }, (_, i) => i).filter((i) =>
    columnsOf(batch, i).some((c) => minority.includes(c)),
  );
}

const anyBatches = fc.array(anyLabelled, { minLength: 1, maxLength: 3 });

it('lists each member of a minority class once, and nothing of an earlier batch', () => {
  fc.assert(
    fc.property(anyBatches, (batches) => {
      const list = new AnchorList();
      for (const batch of batches) {
        list.fill(batch.schema, batch.labels, batch.selection, undefined);
        expect(Array.from(list.samples.subarray(0, list.count))).toEqual(samplesOf(batch, () => true));
      }
    }),
    { seed: 1 },
  );
});

it('lists for one attribute only the members of its own minority classes', () => {
  fc.assert(
    fc.property(anyBatches, (batches) => {
      const list = new AnchorList();
      for (const { schema, ...rest } of batches) {
        for (let j = 0; j < schema.attributes; j++) {
          list.fill(schema, rest.labels, rest.selection, j);
          const right = samplesOf({ schema, ...rest }, (c) => schema.attributeOf[c] === j);
          expect(Array.from(list.samples.subarray(0, list.count))).toEqual(right);
        }
      }
    }),
    { seed: 1 },
  );
});

it('lists the members of each minority class, of all attributes, ascending', () => {
  fc.assert(
    fc.property(anyBatches, fc.constantFrom(undefined, 0, 1), (batches, attribute) => {
      const list = new AnchorList();
      for (const batch of batches) {
        const { schema, labels, selection } = batch;
        list.fill(schema, labels, selection, attribute);
        for (let t = 0; t < selection.minorityCount; t++) {
          const members = list.members.subarray(list.start[t], list.start[t + 1]);
          expect(Array.from(members)).toEqual(samplesOf(batch, (c) => c === selection.column[t]));
        }
      }
    }),
    { seed: 1 },
  );
});

it('reuses its arrays for a batch that is no larger', () => {
  const rows = [
    [0, 0, 0],
    [0, 1, 2],
    [1, 1, -1],
  ];
  const list = new AnchorList();
  const first = labelled(FLAT_SCHEMAS.categorical, rows, () => true);
  list.fill(first.schema, first.labels, first.selection, undefined);
  const { samples, members, start } = list;
  expect([samples.length, members.length, start.length]).toEqual([3, 8, 10]);
  const second = labelled(FLAT_SCHEMAS.categorical, rows.slice(0, 2), (c) => c === 0);
  list.fill(second.schema, second.labels, second.selection, undefined);
  expect(list.samples).toBe(samples);
  expect(list.members).toBe(members);
  expect(list.start).toBe(start);
});
