/**
 * Batches to time on. Many are drawn from a seed and used in rotation, so that no cache or branch predictor
 * adapts to a single one.
 *
 * @module
 */
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import type { HostBatch } from '../backends/host/index.js';

/** How scores are drawn: uniform in [0, 1), normal logits, or a softmax of such logits. */
export type ScoreKind = 'uniform' | 'normal' | 'softmax';

/** The shape of a batch. */
export interface Size {
  readonly n: number;
  readonly classes: number;
  readonly kappa: number;
  /** Whether samples have one or two labels, written as rows of 0/1. Default: one label, as a class index. */
  readonly multiHot?: boolean;
}

/** A batch of long-tailed classes, K·u² with u uniform: n class indices, or n×K of 0/1. */
export interface DrawnBatch extends HostBatch {
  readonly labels: Int32Array;
  readonly scores: Float32Array;
}

/** Numbers in [0, 1) from a seed. */
export function randomFrom(seed: number): () => number {
  const generator = xoroshiro128plus(seed);
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** Draws a batch. */
export function drawBatch({ n, classes, multiHot }: Size, kind: ScoreKind, seed: number): DrawnBatch {
  const random = randomFrom(seed);
  const drawn = () => Math.floor(classes * random() ** 2);
  const labels = multiHot ? new Int32Array(n * classes) : Int32Array.from({ length: n }, drawn);
  if (multiHot) {
    for (let i = 0; i < n; i++) {
      const several = 1 + Math.floor(2 * random());
      for (let l = 0; l < several; l++) labels[i * classes + drawn()] = 1;
    }
  }
  const draw = kind === 'uniform' ? random : () => logit(random);
  const scores = Float32Array.from({ length: n * classes }, draw);
  if (kind === 'softmax') {
    for (let i = 0; i < n; i++) softmax(scores.subarray(i * classes, (i + 1) * classes));
  }
  return { labels, scores };
}

/** A normal number of standard deviation 2. */
function logit(random: () => number): number {
  return 2 * Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
}

function softmax(row: Float32Array): void {
  let total = 0;
  for (let c = 0; c < row.length; c++) {
    row[c] = Math.exp(row[c] as number);
    total += row[c] as number;
  }
  for (let c = 0; c < row.length; c++) row[c] = (row[c] as number) / total;
}

/**
 * Batches of a size, one after the other.
 *
 * @param count - how many take turns. Default: 64, or 16 where they are so large that memory is short
 */
export function rotation(
  size: Size,
  kind: ScoreKind,
  count = size.n * size.classes > 2e6 ? 16 : 64,
): () => DrawnBatch {
  const batches = Array.from({ length: count }, (_, seed) => drawBatch(size, kind, seed + 1));
  let next = 0;
  return () => batches[next++ % count] as DrawnBatch;
}
