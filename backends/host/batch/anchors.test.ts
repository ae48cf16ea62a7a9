import fc from 'fast-check';
import { expect, it } from 'vitest';
import { visitAnchors } from './anchors.js';
import { anyLabelled, columnsOf, FLAT_SCHEMAS, labelled } from './selection.test-helper.js';

it('visits anchors sample by sample, and the minority classes of a sample in the order of their columns', () => {
  fc.assert(
    fc.property(anyLabelled, (batch) => {
      const { schema, labels, size, selection } = batch;
      const right: [number, number][] = [];
      for (let i = 0; i < size; i++) {
        for (const c of columnsOf(batch, i)) {
          const t = selection.column.subarray(0, selection.minorityCount).indexOf(c);
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

it('reads no label where there is no anchor, since batches without a minority class are common', () => {
  const { schema, labels, selection } = labelled(FLAT_SCHEMAS.categorical, [[0, 0, 0]], () => false);
  const unread = new Proxy(labels, {
    get: () => expect.fail('a label was read'),
  });
  visitAnchors(schema, unread, selection, () => expect.fail('there is no anchor'));
});
