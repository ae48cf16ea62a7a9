import ndarray from 'ndarray';
import { describe, expect, it } from 'vitest';
import { fromWire, matrixToWire, toWire } from './arrays.js';

describe('an array in a message', () => {
  it.each(['float64', 'float32', 'int32', 'uint8'] as const)('of %s arrives as it was sent', (dtype) => {
    const numbers = [0, 1, 2, 3, 250, 7];
    expect([...fromWire('labels', toWire(dtype, numbers, [2, 3]), [dtype], [2, 3])]).toEqual(numbers);
  });

  it('keeps every bit, also of what JSON lacks', () => {
    const numbers = [-0, Number.NaN, Number.POSITIVE_INFINITY, 5e-324, 1 / 3];
    expect([...fromWire('scores', toWire('float64', numbers, [5]), ['float64'])]).toEqual(numbers);
  });

  it('may lack the padding of base64, and have line breaks', () => {
    const { data, ...array } = toWire('int32', [1, 2], [2]);
    const cut = `${data.slice(0, 4)}\r\n${data.slice(4).replace(/=+$/, '')}`;
    expect(cut).not.toContain('=');
    expect([...fromWire('labels', { ...array, data: cut }, ['int32'])]).toEqual([1, 2]);
  });

  it('is little-endian, in row-major order, however the matrix lies in memory', () => {
    const columnMajor = ndarray(Float64Array.of(1, 3, 2, 4), [2, 2], [1, 2]);
    const { data, shape } = matrixToWire('float64', columnMajor);
    expect(shape).toEqual([2, 2]);
    const bytes = Buffer.from(data, 'base64');
    expect([0, 8, 16, 24].map((at) => bytes.readDoubleLE(at))).toEqual([1, 2, 3, 4]);
  });

  it.each([
    ['another type', { dtype: 'float64' }, 'answer: triplets.dtype: expected int32, got "float64"'],
    ['another shape', { shape: [3, 2] }, 'answer: triplets.shape: expected [2, 3], got [3,2]'],
    [
      'too few bytes',
      { data: 'AAAA' },
      'answer: triplets.data: bytes: expected 24 for int32 of shape [2, 3], got 3',
    ],
    [
      'what is no base64',
      { data: '!!!!AQAAAAIAAAADAAAABAAAAAUAAAAGAAAA' },
      'answer: triplets.data: expected base64, got',
    ],
    ['no text', { data: [0] }, 'answer: triplets: expected an array as {dtype, shape, data}'],
  ])('is refused with %s', (_, wrong, message) => {
    const sent = { ...toWire('int32', [1, 2, 3, 4, 5, 6], [2, 3]), ...wrong };
    expect(() => fromWire('triplets', sent, ['int32'], [2, 3])).toThrow(message);
  });
});
