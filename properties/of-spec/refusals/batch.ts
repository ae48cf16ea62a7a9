/**
 * Refusals of bad labels, scores and attributes.
 *
 * @module
 */
import fc from 'fast-check';
import { type BatchInput, createBatch, createSchema } from '../../../spec/index.js';
import { type Definition, define, demandRefusal } from '../definition.js';
import {
  NO_NUMBERS,
  NOT_FINITE,
  place,
  put,
  refuse,
  refuseMatrices,
  rows,
  side,
  type Wrong,
} from './wrong.js';

/** Refusals of labels, scores and attributes. */
export const ofBatches: readonly Definition[] = [
  define(
    'labels-refused',
    'ruling: unlabelled samples',
    fc.record({ at: place, side }),
    ({ at: { n, i }, side: j }) => {
      const where = `labels[${i}][${j}]`;
      const scores = rows(n, [0.5, 0.5, 0.5, 0.5]);
      const make = (value: unknown) => {
        const labels = put(rows(n, [0, 0]), i, j, value);
        return createBatch({ attributes: [2, 2], labels, scores } as BatchInput);
      };
      refuse(make, [
        ...NO_NUMBERS.filter((x) => x !== null).map((x): Wrong => [x, 'wrong-type', where]),
        ...[-2, 2, 0.5, Number.NaN].map((x): Wrong => [x, 'label-out-of-range', where]),
      ]);
      refuseMatrices('labels', 2, n, i, (labels) =>
        createBatch({ attributes: [2, 2], labels, scores } as BatchInput),
      );
      demandRefusal('empty-batch', 'labels', () => createBatch({ attributes: [2], labels: [], scores: [] }));
      // −1 and null are unlabelled; a class sets its own column and no other
      return [-1, null, 0, 1].every((label) => {
        const { membership, labelled } = make(label);
        const known = label === 0 || label === 1;
        return (
          labelled.get(i, j) === +known &&
          labelled.get(i, 1 - j) === 1 &&
          [0, 1].every((k) => membership.get(i, 2 * j + k) === +(label === k)) &&
          membership.get(i, 2 * (1 - j)) === 1
        );
      });
    },
  ),
  define(
    'multi-hot-refused',
    'ruling: one attribute',
    fc.record({ at: place, side }),
    ({ at: { n, i }, side: c }) => {
      const make = (value: unknown) => {
        const labels = put(rows(n, [0, 0]), i, c, value);
        return createBatch({
          attributes: [2],
          encoding: 'one-attribute',
          labels,
          scores: rows(n, [0, 1]),
        } as BatchInput);
      };
      refuse(make, [
        ...NO_NUMBERS.map((x): Wrong => [x, 'wrong-type', `labels[${i}][${c}]`]),
        ...[-1, 2, 0.5].map((x): Wrong => [x, 'label-out-of-range', `labels[${i}][${c}]`]),
      ]);
      const { membership, labelled } = make(1);
      return membership.get(i, c) === 1 && membership.get(i, 1 - c) === 0 && labelled.get(i, 0) === 1;
    },
  ),
  define(
    'scores-refused',
    'ruling: probabilities',
    fc.record({ at: place, side }),
    ({ at: { n, i }, side: s }) => {
      const where = `scores[${i}][${s}]`;
      const given = { attributes: [2], labels: rows(n, [0]) };
      const make = (value: unknown, fromLogits = false) =>
        createBatch({ ...given, scores: put(rows(n, [0, 1]), i, s, value), fromLogits } as BatchInput);
      const always = [
        ...NO_NUMBERS.map((x): Wrong => [x, 'wrong-type', where]),
        ...NOT_FINITE.map((x): Wrong => [x, 'score-not-finite', where]),
      ];
      refuse(
        (value) => make(value),
        [...always, ...[-2e-6, 1 + 2e-6].map((x): Wrong => [x, 'score-out-of-range', where])],
      );
      refuse((value) => make(value, true), always);
      const read = (scores: unknown) => createBatch({ ...given, scores } as BatchInput);
      refuseMatrices('scores', 2, n, i, read);
      refuse(read, [
        [undefined, 'wrong-type', 'scores'],
        [rows(n + 1, [0, 1]), 'wrong-shape', 'scores'],
        [rows(n - 1, [0, 1]), 'wrong-shape', 'scores'],
      ]);
      demandRefusal('wrong-type', 'fromLogits', () =>
        createSchema({ attributes: [2], fromLogits: 1 as never }),
      );
      return (
        [-7, 7].every((logit) => make(logit, true).scores.get(i, s) === logit) &&
        [-1e-6, 1 + 1e-6].every((p) => make(p).scores.get(i, s) === p)
      );
    },
  ),
  define('attributes-refused', 'design: bad input is refused by code and place', fc.nat(2), (j) => {
    const attribute = (value: unknown) =>
      createSchema({ attributes: [1, 2, 3].map((k, l) => (l === j ? value : k)) as number[] });
    const where = `attributes[${j}]`;
    refuse(attribute, [
      ...[0, -1, 1.5, 1e6 + 1, Number.NaN, { classes: 2.5 }].map(
        (x): Wrong => [x, 'attribute-invalid', where],
      ),
      ...['3', null, true, undefined, {}, { name: 'x' }, { classes: '2' }].map(
        (x): Wrong => [x, 'wrong-type', where],
      ),
      [{ classes: [] }, 'attribute-invalid', `${where}.classes`],
      [{ classes: ['a', 1] }, 'wrong-type', `${where}.classes[1]`],
      [{ name: 3, classes: 2 }, 'wrong-type', `${where}.name`],
    ]);
    refuse(
      (attributes) => createSchema({ attributes } as never),
      [
        ...[undefined, 3, { length: 1 }].map((x): Wrong => [x, 'wrong-type', 'attributes']),
        [[], 'attribute-invalid', 'attributes'],
      ],
    );
    const encoded = (encoding: unknown, attributes: number[]) =>
      createSchema({ attributes, encoding } as never);
    refuse(
      (encoding) => encoded(encoding, [2]),
      [
        ['one-hot', 'option-out-of-range', 'encoding'],
        [null, 'option-out-of-range', 'encoding'],
      ],
    );
    refuse(
      (classes) =>
        encoded(
          'multi-label',
          [2, 2, 2].map((k, l) => (l === j ? (classes as number) : k)),
        ),
      [
        [1, 'attribute-invalid', where],
        [3, 'attribute-invalid', where],
      ],
    );
    demandRefusal('attribute-invalid', 'attributes', () => encoded('one-attribute', [2, 2]));
    const names = (schema: ReturnType<typeof createSchema>) =>
      schema.attributes.map(({ name, classes }) => `${name}: ${classes}`);
    return (
      String(names(attribute(2))[j]) === `attribute ${j}: 0,1` &&
      String(names(attribute({ classes: 2 }))[j]) === `attribute ${j}: 0,1` &&
      String(names(attribute({ name: 'hair', classes: ['fair', 'dark'] }))[j]) === 'hair: fair,dark' &&
      encoded('multi-label', [2, 2]).scoreWidth === 2 &&
      encoded('one-attribute', [3]).scoreWidth === 3
    );
  }),
];
