/**
 * Refusals of bad features.
 *
 * @module
 */
import fc from 'fast-check';
import ndarray, { type NdArray } from 'ndarray';
import { type BatchInput, createBatch } from '../../../spec/index.js';
import { type Definition, define } from '../definition.js';
import { array, NO_NUMBERS, NOT_FINITE, place, put, refuse, rows, side, type Wrong } from './wrong.js';

/** Refusals of features. */
export const ofFeatures: readonly Definition[] = [
  define(
    'features-refused',
    'ruling: features',
    fc.record({ at: place, side }),
    ({ at: { n, i }, side: t }) => {
      const given = { attributes: [2, 2], labels: rows(n, [0, 1]) };
      const make = (features: unknown) => createBatch({ ...given, features } as BatchInput);
      const spoilt = (value: unknown) => put(rows(n, [1, 2]), i, t, value);
      const wrong = (where: string) => [
        ...NO_NUMBERS.filter((x) => !Array.isArray(x)).map((x): Wrong => [x, 'wrong-type', where]),
        ...NOT_FINITE.map((x): Wrong => [x, 'feature-not-finite', where]),
      ];
      refuse((value) => make(spoilt(value)), wrong(`features[${i}][${t}]`));
      refuse((value) => make([rows(n, [1, 2]), spoilt(value)]), wrong(`features[1][${i}][${t}]`));
      refuse(make, [
        [3, 'wrong-type', 'features'],
        [null, 'wrong-type', 'features'],
        ['text', 'wrong-type', 'features'],
        [[3], 'wrong-type', 'features[0]'],
        [[{}], 'wrong-type', 'features[0]'],
        [{ shape: [n, 2] }, 'wrong-type', 'features'],
        [{ get: () => 1 }, 'wrong-type', 'features'],
        [{ shape: 2, get: () => 1 }, 'wrong-type', 'features'],
        [rows(n + 1, [1]), 'wrong-shape', 'features'],
        [rows(n, []), 'wrong-shape', 'features'],
        [[...rows(n, [1]), [1, 2]], 'ragged-rows', `features[${n}]`],
        [[rows(n, [1])], 'wrong-shape', 'features'],
        [[rows(n, [1]), rows(n, [1, 2])], 'wrong-shape', 'features[1]'],
        [[rows(n, [1]), rows(n + 1, [1])], 'wrong-shape', 'features[1]'],
        [array([n]), 'wrong-shape', 'features'],
        [array([n, 2, 1, 1]), 'wrong-shape', 'features'],
        [array([3, n, 2]), 'wrong-shape', 'features'],
        [array([2, n + 1, 2]), 'wrong-shape', 'features[0]'],
      ]);
      // all ways of writing features are read alike
      const one = rows(n, [1, 2]).map((row, r) => row.map((x) => x + r));
      const two = one.map((row) => row.map((x) => -x));
      const shared = [one, one.map((row) => Float32Array.from(row)), ndarray(one.flat(), [n, 2])];
      const separate = [
        [one, two],
        [one, two].map((matrix) => matrix.map((row) => Float64Array.from(row))),
        [one, two].map((matrix) => ndarray(matrix.flat(), [n, 2])),
        ndarray([...one, ...two].flat(), [2, n, 2]),
      ];
      return (
        shared.every((input) => {
          const { perAttribute, width, matrices } = make(input).features as NonNullable<Features>;
          return !perAttribute && width === 2 && matrices.length === 1 && holds(matrices[0] as NdArray, one);
        }) &&
        separate.every((input) => {
          const { perAttribute, width, matrices } = make(input).features as NonNullable<Features>;
          return (
            perAttribute &&
            width === 2 &&
            matrices.length === 2 &&
            [one, two].every((m, j) => holds(matrices[j] as NdArray, m))
          );
        })
      );
    },
  ),
];

type Features = ReturnType<typeof createBatch>['features'];

function holds(matrix: NdArray, expected: readonly (readonly number[])[]): boolean {
  return expected.every((row, i) => row.every((x, k) => matrix.get(i, k) === x));
}
