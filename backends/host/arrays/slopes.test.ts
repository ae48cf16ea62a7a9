import { expect, it } from 'vitest';
import { GradientSum, SlopeList } from './slopes.js';

it('a sum adds derivatives to the cells of a gradient', () => {
  const gradient = Float32Array.of(1, 1, 1, 1, 1, 1);
  const sum = new GradientSum(gradient, 3);
  sum.add(1, 2, 0.5);
  sum.add(1, 2, 0.25);
  sum.add(0, 1, -2);
  expect(Array.from(gradient)).toEqual([1, -1, 1, 1, 1, 1.75]);
});

it('a list keeps derivatives in order, and a copy of it outlives the next batch', () => {
  const list = new SlopeList();
  list.reset(2);
  list.add(3, 1, 0.5, 0.75);
  list.add(0, 2, -1, 0.25);
  const copy = list.copy();
  list.reset(1);
  list.add(9, 9, 9, 9);
  const entries = ({ count, sample, column, slope, score }: SlopeList) =>
    Array.from({ length: count }, (_, k) => [sample[k], column[k], slope[k], score[k]]);
  expect(entries(list)).toEqual([[9, 9, 9, 9]]);
  expect(entries(copy)).toEqual([
    [3, 1, 0.5, 0.75],
    [0, 2, -1, 0.25],
  ]);
  list.reset(3);
  expect(entries(list)).toEqual([]);
});

it('the derivatives of a list of samples are added as they are one by one', () => {
  const list = {
    column: 1,
    row: Int32Array.of(9, 0, 2, 0, 9),
    slope: Float64Array.of(9, 0.5, 0.25, 2, 9),
    hardness: Float64Array.of(9, 0.75, 0.5, 0.125, 9),
    from: 1,
    to: 4,
    scale: -2,
    sign: -1,
  };
  const gradient = new Float64Array(6);
  new GradientSum(gradient, 2).addList(list);
  expect(Array.from(gradient)).toEqual([0, -5, 0, 0, 0, -0.5]);
  const slopes = new SlopeList();
  slopes.reset(3);
  slopes.addList(list);
  expect(slopes.count).toBe(3);
  expect(Array.from(slopes.sample)).toEqual([0, 2, 0]);
  expect(Array.from(slopes.column)).toEqual([1, 1, 1]);
  expect(Array.from(slopes.slope)).toEqual([-1, -0.5, -4]);
  expect(Array.from(slopes.score)).toEqual([-0.75, -0.5, -0.125]);
});
