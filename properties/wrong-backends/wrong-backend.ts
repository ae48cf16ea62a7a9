/**
 * What a wrong backend is.
 *
 * @module
 */
import type { Backend, Capabilities } from '../../spec/index.js';
import type { TrainingLoss } from '../property.js';
import { type Stages, type WholeBackend, wrongBackend } from './compose.js';

/** A wrong backend, what is wrong with it, and the property that must say so. */
export interface Mutant {
  readonly id: string;
  /** What it gets wrong, in a few words. */
  readonly error: string;
  /** The property made for such an error; others may fail too. */
  readonly caughtBy: string;
  readonly backend: Backend;
  /** The fewest samples on which it errs, where those are many. */
  readonly least?: number;
  /** How it trains, where that is what is wrong. */
  readonly train?: TrainingLoss;
}

/** A backend that is right but for the stages given. */
export function mutant(
  id: string,
  error: string,
  caughtBy: string,
  wrong: Partial<Stages>,
  supports: Partial<Capabilities> = {},
): Mutant {
  return { id, error, caughtBy, backend: wrongBackend(id, wrong, supports) };
}

/** A backend whose operations are made of the right ones. */
export function wrapped(
  id: string,
  error: string,
  caughtBy: string,
  wrap: (right: WholeBackend) => Partial<Backend>,
): Mutant {
  const right = wrongBackend(id, {});
  return { id, error, caughtBy, backend: { ...right, ...wrap(right) } };
}
