/**
 * Wrong backends that the suite must catch. Each has one error: one that was found in a public
 * implementation, or another that is easy to make.
 *
 * @module
 */
import { absolute } from './absolute.js';
import { balance } from './balance.js';
import { distribution } from './distribution.js';
import { instance } from './instance.js';
import { mining } from './mining.js';
import { minority } from './minority.js';
import { relative } from './relative.js';
import { robustness } from './robustness.js';
import { sampleWeights } from './sample-weights.js';
import { training } from './training.js';
import { triplets } from './triplets.js';
import { walk } from './walk.js';
import type { WrongBackend } from './wrong-backend.js';
import { wrongOnOddities } from './wrong-on-oddities.js';

export type { WrongBackend } from './wrong-backend.js';

/** All wrong backends, in the order of the walk. */
export const wrongBackends: readonly WrongBackend[] = [
  ...minority,
  ...mining,
  ...triplets,
  ...relative,
  ...absolute,
  ...distribution,
  ...instance,
  ...balance,
  ...walk,
  ...training,
  ...sampleWeights,
  ...robustness,
  ...wrongOnOddities,
];
