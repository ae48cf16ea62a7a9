/**
 * What one step does on a GPU: its programs, the bytes that they read and write, and what it reads back.
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Row } from '../section.js';
import { programBytes } from './program-bytes.js';
import { readBacks } from './read-backs.js';

/** A step whose loss the caller disposes of, and how its programs are counted, if they are. */
export interface Counted {
  readonly step: () => tf.Scalar;
  /** The number of GPU programs run so far, if the engine counts them. */
  readonly dispatches?: () => number;
}

/** Counts a step, which is run twice. */
export function stepCounts({ step, dispatches }: Counted): Pick<Row, 'dispatches' | 'bytes' | 'readBacks'> {
  const before = dispatches?.() ?? 0;
  const reads = readBacks(() => step().dispose());
  const programs = dispatches && dispatches() - before;
  const bytes = programBytes(() => step().dispose());
  return {
    ...(programs === undefined ? {} : { dispatches: programs }),
    ...(bytes === undefined ? {} : { bytes }),
    readBacks: reads,
  };
}
