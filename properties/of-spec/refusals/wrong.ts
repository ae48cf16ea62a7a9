/**
 * How definitions of bad input make it, and what they demand of the refusal.
 *
 * @module
 */
import fc from 'fast-check';
import ndarray, { type NdArray } from 'ndarray';
import type { InputErrorCode } from '../../../spec/index.js';
import { demandRefusal } from '../definition.js';

/** A value that is not allowed, and the code and place of its refusal. */
export type Wrong = readonly [value: unknown, code: InputErrorCode, where: string];

/** n from 1 to 4, and one of the samples. */
export const place = fc
  .integer({ min: 1, max: 4 })
  .chain((n) => fc.record({ n: fc.constant(n), i: fc.nat(n - 1) }));
/** Which of two columns. */
export const side = fc.constantFrom(0, 1);
/** Values that are not numbers. */
export const NO_NUMBERS = ['1', null, true, [1], 1n];
/** Values that are not objects with fields. */
export const NO_OBJECTS = [null, 3, 'text', []];
export const NOT_FINITE = [Number.NaN, Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
/** A view that has no length. */
export const VIEW = new DataView(new ArrayBuffer(8));

/** Demands that each value is refused. */
export function refuse(action: (value: unknown) => unknown, wrong: readonly Wrong[]): void {
  for (const [value, code, where] of wrong) demandRefusal(code, where, () => action(value));
}

/** Demands that everything but an n×width matrix is refused, and that a bad row is named. */
export function refuseMatrices(
  where: string,
  width: number,
  n: number,
  i: number,
  read: (matrix: unknown) => unknown,
): void {
  const row = (value: unknown) =>
    rows(n, new Array<number>(width).fill(0)).map((zeros, r) => (r === i ? value : zeros));
  refuse(read, [
    ...[3, null, 'text', {}, { shape: [n, width] }, { get: () => 0 }, { shape: width, get: () => 0 }].map(
      (x): Wrong => [x, 'wrong-type', where],
    ),
    ...[[n], [n, width + 1], [n, width, 1]].map((shape): Wrong => [array(shape), 'wrong-shape', where]),
    ...[3, null, 'ab', {}, { length: width }, VIEW].map(
      (x): Wrong => [row(x), 'wrong-type', `${where}[${i}]`],
    ),
    ...[[], [0], [0, 0, 0]].map((x): Wrong => [row(x), 'ragged-rows', `${where}[${i}]`]),
  ]);
  // zeros are valid scores, labels and logits, in any form
  for (const good of [row(new Uint8Array(width)), array([n, width]), array([width, n]).transpose(1, 0)])
    read(good);
}

export function rows(n: number, row: readonly number[]): number[][] {
  return Array.from({ length: n }, () => [...row]);
}

export function put(matrix: number[][], i: number, k: number, value: unknown): unknown[][] {
  return matrix.map((row, r) => row.map((x, c) => (r === i && c === k ? value : x)));
}

export function array(shape: number[]): NdArray {
  return ndarray(new Float64Array(shape.reduce((a, b) => a * b, 1)), shape);
}
