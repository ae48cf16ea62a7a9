/**
 * A label, made of the two numbers that are drawn for it.
 *
 * @module
 */
import type { Encoding } from '../../spec/index.js';
import { ALL_IN_FIRST } from './option-decks.js';

interface LabelKind {
  /** The larger, the rarer are the higher classes. */
  readonly tail: number;
  /** Whether present is the frequent side of binary labels; where all samples are in the first class, of that class. */
  readonly presentFirst: boolean;
  /** In percent. */
  readonly unlabelled: number;
}

/**
 * A label from a long-tailed distribution.
 *
 * @param column - of the label: an attribute, a binary label or, of one attribute, a class
 */
export function toLabel(
  encoding: Encoding,
  column: number,
  classes: number,
  [draw, lot]: [number, number],
  { tail, presentFirst, unlabelled }: LabelKind,
): number {
  const skewed = (draw / 100) ** (1 + tail);
  // of classes that are drawn one by one, chance hardly ever puts every sample into one
  if (encoding === 'one-attribute' && tail === ALL_IN_FIRST && presentFirst) return +(column === 0);
  if (encoding === 'one-attribute') return +(skewed > 0.4);
  if (lot < unlabelled) return -1;
  if (encoding === 'categorical') return Math.floor(skewed * classes);
  const side = Math.floor(skewed * 2);
  return presentFirst ? 1 - side : side;
}
