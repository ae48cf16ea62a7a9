/**
 * The numbers and the table that the programs of a walk share.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Schema } from '../../../spec/contract.js';
import type { Uniform } from './shader.js';

/**
 * How many samples a workgroup sorts in its own memory: 8 bytes each, of the 16,384 that there are
 * everywhere. It is emptied first, whether a class survives or not, so that less is faster.
 */
export const SHARED_ROOMS = [64, 256, 1024] as const;

/** Sizes of one walk. */
export interface Layout {
  /** n. */
  readonly samples: number;
  /** S. */
  readonly width: number;
  /** C. */
  readonly classes: number;
  /** J. */
  readonly attributes: number;
  /** n, up to a power of two: what one class sorts. */
  readonly room: number;
  /** Words a class in the buffer of mined lists: alive, h, n_j − h, then hardness and tag of each. */
  readonly minedWords: number;
  /** Words a class in the buffer of slopes: one a sample, then the class's share of L_crl. */
  readonly slopeWords: number;
}

/** The sizes for n samples. */
export function layOut({ attributes, columns, scoreWidth }: Schema, samples: number): Layout {
  const room = 2 ** Math.ceil(Math.log2(Math.max(samples, 1)));
  return {
    samples,
    width: scoreWidth,
    classes: columns.length,
    attributes: attributes.length,
    room,
    minedWords: 3 + 2 * room,
    slopeWords: samples + 1,
  };
}

/** The numbers, as every program has them. */
export function uniformsOf(
  { samples, width, classes, attributes, room, minedWords, slopeWords }: Layout,
  { kappa, bins, range: [lo, hi], alpha }: BalancedOptions,
): Uniform[] {
  const int = (name: string, value: number): Uniform => ({ name, type: 'int32', value });
  const float = (name: string, value: number): Uniform => ({ name, type: 'float32', value });
  return [
    int('samples', samples),
    int('width', width),
    int('classes', classes),
    int('attributes', attributes),
    int('room', room),
    int('minedWords', minedWords),
    int('slopeWords', slopeWords),
    int('kappa', Math.min(kappa, samples)),
    int('bins', bins),
    float('lowest', lo),
    float('highest', hi),
    float('span', hi - lo),
    float('density', (bins - 1) / (hi - lo)),
    float('alpha', alpha),
    float('beta', 1 - alpha),
  ];
}

/**
 * The table: of each class column its attribute, that one's first column and end, its score, its
 * sign and its margin; then ⌊ρ·k⌋ of every k that n_j can be, whose float64 product a GPU has not;
 * then the first column of each attribute, and C.
 */
export function tableOf(schema: Schema, { rho, margin }: BalancedOptions, samples: number): tf.Tensor1D {
  const { attributes, columns } = schema;
  const firsts = attributes.map(({ columns: own }) => own[0] as number).concat(columns.length);
  const [number, bits] = [new Float32Array(1), new Int32Array(1)];
  const bitsOf = (x: number) => {
    number[0] = x;
    new Uint8Array(bits.buffer).set(new Uint8Array(number.buffer));
    return bits[0] as number;
  };
  const entries = columns.flatMap(({ attribute: j, score, sign }) => [
    j,
    firsts[j] as number,
    firsts[j + 1] as number,
    score,
    sign,
    bitsOf(margin[j] as number),
  ]);
  const limits = Array.from({ length: samples + 1 }, (_, count) => Math.floor(rho * count));
  return tf.tensor1d(Int32Array.from([...entries, ...limits, ...firsts]), 'int32');
}

/** How the table is read. */
export const TABLE = `
  const ATTRIBUTE = 0;
  const FIRST = 1;
  const END = 2;
  const SCORE = 3;
  const SIGN = 4;
  const MARGIN = 5;
  fn columnOf(c : i32, field : i32) -> i32 { return table[6 * c + field]; }
  fn limitOf(labelled : i32) -> i32 { return table[6 * uniforms.classes + labelled]; }
  fn firstOf(j : i32) -> i32 { return table[6 * uniforms.classes + uniforms.samples + 1 + j]; }
`;
