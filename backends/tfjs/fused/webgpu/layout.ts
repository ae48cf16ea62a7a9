/**
 * The sizes, numbers and table that the programs of a walk share.
 *
 * @module
 */

import * as tf from '@tensorflow/tfjs-core';
import type { BalancedOptions, Options, Schema } from '../../../../spec/contract.js';
import { mostMembers } from '../../graph/mining.js';
import { keepsPulls, SLOT_WORDS } from './chosen.js';
import type { DeviceLimits } from './limits.js';
import type { Uniform } from './shader.js';
import { BLOCK } from './squares.js';

/**
 * How many samples a workgroup can sort in its own memory. Each takes 8 bytes, and every device has 16,384.
 * The memory is zeroed first, also for classes that do not survive, so the shortest that fits is fastest.
 */
export const SHARED_LENGTHS = [64, 256, 1024] as const;

/** Sizes of a walk at either level. Programs read them as uniforms of the same names. */
export interface Layout {
  /** n. */
  readonly samples: number;
  /** S. */
  readonly width: number;
  /** C. */
  readonly classes: number;
  /** J. */
  readonly attributes: number;
  /** Words per class in the buffer of mined samples: whether it survives, h, n_j − h, and what the level adds. */
  readonly minedWords: number;
}

/** Sizes of a walk at class level. */
export interface ClassLayout extends Layout {
  /** n rounded up to a power of two: the length of what a class sorts. Each entry is a hardness and a tag. */
  readonly sortLength: number;
  /** Words per class in the buffer of slopes: one per sample, then the class's share of L_crl. */
  readonly slopeWords: number;
}

/** Sizes of a walk at instance level. */
export interface InstanceLayout extends Layout {
  /** M, the number of feature matrices. */
  readonly matrices: number;
  /** d, the length of a feature vector. */
  readonly dimensions: number;
  /** Slots per attribute, one per anchor: ⌊ρ·n⌋ rounded up to whole blocks. */
  readonly capacity: number;
  /** Slots of all attributes. */
  readonly slots: number;
  /** A slot has 2 to this power entries, which is at least 2κ. */
  readonly entryBits: number;
  /** Workgroups of the program that mines. */
  readonly groups: number;
  /** Where the workgroups' squared distances begin in the buffer of chosen samples. */
  readonly scratch: number;
  /** Words of the buffer of chosen samples. */
  readonly chosenWords: number;
}

/** Whether the class survives, h and n_j − h. */
const CLASS_WORDS = 3;

function sizesOf({ attributes, columns, scoreWidth }: Schema, samples: number) {
  return { samples, width: scoreWidth, classes: columns.length, attributes: attributes.length };
}

/** The sizes for n samples at class level. */
export function layOutClasses(schema: Schema, samples: number): ClassLayout {
  const sortLength = 2 ** Math.ceil(Math.log2(Math.max(samples, 1)));
  const minedWords = CLASS_WORDS + 2 * sortLength;
  return { ...sizesOf(schema, samples), minedWords, sortLength, slopeWords: samples + 1 };
}

/** The most words for squared distances: more make it no faster. */
const MOST_SCRATCH = 2 ** 24;

/**
 * The sizes for features of M×n×d. Where a device cannot hold the squared distances of all blocks of anchors at
 * once, blocks take turns.
 */
export function layOutAnchors(
  schema: Schema,
  { rho, kappa, comparison }: Options,
  [matrices, samples, dimensions]: readonly [number, number, number],
  limits: DeviceLimits,
): InstanceLayout {
  const capacity = BLOCK * Math.max(1, Math.ceil(mostMembers(samples, rho) / BLOCK));
  const slots = schema.attributes.length * capacity;
  const entryBits = Math.ceil(Math.log2(2 * Math.min(kappa, samples)));
  const scratch = slots * (SLOT_WORDS + (keepsPulls(comparison) ? 3 : 2) * 2 ** entryBits);
  const block = BLOCK * samples;
  const words = Math.floor(Math.min(limits.maxStorageBufferBindingSize, limits.maxBufferSize) / 4);
  const blocks = Math.floor(Math.min(words - scratch, MOST_SCRATCH) / block);
  const groups = Math.max(1, Math.min(slots / BLOCK, blocks));
  return {
    ...sizesOf(schema, samples),
    minedWords: CLASS_WORDS + 1,
    matrices,
    dimensions,
    capacity,
    slots,
    entryBits,
    groups,
    scratch,
    chosenWords: scratch + groups * block,
  };
}

/** The uniforms of every program. */
export function uniformsOf(
  layout: Layout,
  { kappa, bins, range: [lo, hi], alpha }: BalancedOptions,
): Uniform[] {
  const int = (name: string, value: number): Uniform => ({ name, type: 'int32', value });
  const float = (name: string, value: number): Uniform => ({ name, type: 'float32', value });
  return [
    ...Object.entries(layout).map(([name, value]) => int(name, value)),
    int('kappa', Math.min(kappa, layout.samples)),
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
 * The table. First, for each class column: its attribute, that attribute's first column and end, its score
 * column, its sign and its margin. Then ⌊ρ·n_j⌋ for every possible n_j, since a GPU cannot form the product in
 * float64. Then the first column of each attribute, and C.
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

/** How the table is read, in WGSL. */
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
