import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visitAnchors } from './anchors.js';
import { anyLabelled, columnsOf, FLAT_SCHEMAS, labelled } from './selection.test-helper.js';

it('anchors are visited by sample, and of each the minority classes in the order of their columns', () => {
  fc.assert(
    fc.property(anyLabelled, (batch) => {
      const { schema, labels, size, selection } = batch;
      const right: [number, number][] = [];
      for (let i = 0; i < size; i++) {
        for (const c of columnsOf(batch, i)) {
          const t = selection.column.subarray(0, selection.tasks).indexOf(c);
          if (t >= 0) right.push([i, t]);
        }
      }
      const got: [number, number][] = [];
      visitAnchors(schema, labels, selection, (i, t) => got.push([i, t]));
      expect(got).toEqual(right);
    }),
    { seed: 1 },
  );
});

it('no label is read where there is no anchor: batches without a minority class are many', () => {
  const { schema, labels, selection } = labelled(FLAT_SCHEMAS.categorical, [[0, 0, 0]], () => false);
  const unread = new Proxy(labels, {
    get: () => expect.fail('a label was read'),
  });
  visitAnchors(schema, unread, selection, () => expect.fail('there is no anchor'));
});
