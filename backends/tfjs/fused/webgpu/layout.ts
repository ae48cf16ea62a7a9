/**
 * The numbers and the table that the programs of a walk share.
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
 * How many samples a workgroup sorts in its own memory: 8 bytes each, of the 16,384 that there are
 * everywhere. It is emptied first, whether a class survives or not, so that less is faster.
 */
export const SHARED_ROOMS = [64, 256, 1024] as const;

/** Sizes of one walk at either level: what programs have them by, too. */
export interface Layout {
  /** n. */
  readonly samples: number;
  /** S. */
  readonly width: number;
  /** C. */
  readonly classes: number;
  /** J. */
  readonly attributes: number;
  /** Words a class in the buffer of what was mined: whether it survives, h, n_j − h, and what the level adds. */
  readonly minedWords: number;
}

/** Sizes of a walk at class level. */
export interface ClassLayout extends Layout {
  /** n, up to a power of two: what one class sorts. The mined words are hardness and tag of each. */
  readonly room: number;
  /** Words a class in the buffer of slopes: one a sample, then the class's share of L_crl. */
  readonly slopeWords: number;
}

/** Sizes of a walk at instance level. */
export interface InstanceLayout extends Layout {
  /** M. */
  readonly matrices: number;
  /** d. */
  readonly dimensions: number;
  /** Slots for the anchors of an attribute: ⌊ρ·n⌋, up to whole blocks. */
  readonly capacity: number;
  /** Of all attributes. */
  readonly slots: number;
  /** A slot has two to this power entries, κ of each side at least. */
  readonly entryBits: number;
  /** Workgroups that mine. */
  readonly groups: number;
  /** Where the room for their squared distances begins in the buffer of chosen samples. */
  readonly scratch: number;
  /** Words of that buffer. */
  readonly chosenWords: number;
}

/** What survives, h and n_j − h. */
const CLASS_WORDS = 3;

function sizesOf({ attributes, columns, scoreWidth }: Schema, samples: number) {
  return { samples, width: scoreWidth, classes: columns.length, attributes: attributes.length };
}

/** The sizes for n samples at class level. */
export function layOutClasses(schema: Schema, samples: number): ClassLayout {
  const room = 2 ** Math.ceil(Math.log2(Math.max(samples, 1)));
  const minedWords = CLASS_WORDS + 2 * room;
  return { ...sizesOf(schema, samples), minedWords, room, slopeWords: samples + 1 };
}

/** Words for squared distances at once, if a device has them; more make it no faster. */
const MOST_SCRATCH = 2 ** 24;

/**
 * The sizes for features of M×n×d. Blocks of anchors take turns in the room that a device has left for their
 * squared distances.
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
  const room = Math.floor(Math.min(words - scratch, MOST_SCRATCH) / block);
  const groups = Math.max(1, Math.min(slots / BLOCK, room));
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

/** The numbers, as every program has them. */
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
