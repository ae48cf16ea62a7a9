/**
 * What a wrong backend is.
 *
 * @module
 */
import type { Backend, Capabilities } from '../../spec/index.js';
import type { TrainingLoss } from '../property.js';
import { composeBackend, type Stages, type WholeBackend } from './compose.js';

/** A wrong backend, what is wrong with it, and the property that must say so. */
export interface WrongBackend {
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
export function wrongStages(
  id: string,
  error: string,
  caughtBy: string,
  wrong: Partial<Stages>,
  supports: Partial<Capabilities> = {},
): WrongBackend {
  return { id, error, caughtBy, backend: composeBackend(id, wrong, supports) };
}

/** A backend whose operations are made of the right ones. */
export function wrapped(
  id: string,
  error: string,
  caughtBy: string,
  wrap: (right: WholeBackend) => Partial<Backend>,
): WrongBackend {
  const right = composeBackend(id, {});
  return { id, error, caughtBy, backend: { ...right, ...wrap(right) } };
}
