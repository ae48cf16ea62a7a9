import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hardest } from '../../../spec/index.js';
import { AnchorList } from './anchor-list.js';
import { visitAnchors } from './anchors.js';
import { EasyAnchors } from './easy-anchors.js';
import { rowMajor } from './scores.js';
import { anyLabelled, columnsOf } from './selection.test-helper.js';

/** Few scores, so that many are equal. */
const SCORES = [0.25, 0.5, 0.75];

const drawn = fc.record({
  batch: anyLabelled,
  kappa: fc.integer({ min: 1, max: 4 }),
  lot: fc.array(fc.constantFrom(...SCORES), { minLength: 1, maxLength: 40 }),
});

it('are those that score highest on their class, the first of equals, batch after batch', () => {
  fc.assert(
    fc.property(fc.array(drawn, { minLength: 1, maxLength: 3 }), (batches) => {
      for (const { batch, kappa, lot } of batches) {
        const { schema, labels, size, selection } = batch;
        const data = Float32Array.from({ length: size * schema.width }, (_, at) => lot[at % lot.length]);
        const easy = new EasyAnchors(schema, kappa);
        const right: [number, number][] = [];
        for (let t = 0; t < selection.minorityCount; t++) {
          const c = selection.column[t];
          const members = [...Array(size).keys()].filter((i) => columnsOf(batch, i).includes(c));
          const score = (i: number) => schema.signOf[c] * data[i * schema.width + schema.scoreOf[c]];
          for (const i of hardest(members, score, kappa)) right.push([i, t]);
        }
        right.sort(([i, t], [k, u]) => i - k || t - u);
        // column by column, and from the second number on
        const columns = new Float32Array(data.length + 1);
        for (let i = 0; i < size; i++)
          for (let s = 0; s < schema.width; s++) columns[1 + s * size + i] = data[i * schema.width + s];
        const views = [
          rowMajor(data, schema.width),
          { data: columns, offset: 1, rowStride: 1, columnStride: size },
        ];
        for (const view of views) {
          easy.choose(labels, view, selection);
          const got: [number, number][] = [];
          visitAnchors(schema, labels, selection, (i, t) => got.push([i, t]), easy);
          expect(got).toEqual(right);
        }
        const list = new AnchorList();
        list.fill(schema, labels, selection, undefined, easy);
        const samples = [...new Set(right.map(([i]) => i))];
        expect(Array.from(list.samples.subarray(0, list.count))).toEqual(samples);
        // the members are listed whole, since positives are mined among them
        const held = selection.members.subarray(0, selection.minorityCount).reduce((sum, h) => sum + h, 0);
        expect(list.start[selection.minorityCount]).toBe(held);
      }
    }),
    { seed: 1 },
  );
});
