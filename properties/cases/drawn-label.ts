/**
 * A label, made of the two numbers that are drawn for it.
 *
 * @module
 */
import type { Encoding } from '../../spec/index.js';

interface LabelKind {
  /** The larger, the rarer are the higher classes. */
  readonly tail: number;
  /** Whether present is the frequent side of binary labels. */
  readonly presentFirst: boolean;
  /** In percent. */
  readonly unlabelled: number;
}

/** A label from a long-tailed distribution. */
export function toLabel(
  encoding: Encoding,
  classes: number,
  [draw, lot]: [number, number],
  { tail, presentFirst, unlabelled }: LabelKind,
): number {
  const skewed = (draw / 100) ** (1 + tail);
  if (encoding === 'one-attribute') return +(skewed > 0.4);
  if (lot < unlabelled) return -1;
  if (encoding === 'categorical') return Math.floor(skewed * classes);
  const side = Math.floor(skewed * 2);
  return presentFirst ? 1 - side : side;
}
