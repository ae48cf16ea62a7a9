/**
 * Wrong backends that the suite must catch. Each has one error: one that was found in a public
 * implementation, or another that is easy to make.
 *
 * @module
 */
import { absolute } from './absolute.js';
import { approximateMining } from './approximate-mining.js';
import { balance } from './balance.js';
import { crossedConditions } from './crossed-conditions.js';
import { distribution } from './distribution.js';
import { easyAnchors } from './easy-anchors.js';
import { gradient } from './gradient.js';
import { instance } from './instance.js';
import { kernel } from './kernel.js';
import { layouts } from './layouts.js';
import { manyAttributes } from './many-attributes.js';
import { mining } from './mining.js';
import { minority } from './minority.js';
import { nonFiniteFeatures } from './non-finite-features.js';
import { precision } from './precision.js';
import { rawLogits } from './raw-logits.js';
import { relative } from './relative.js';
import { repeatedCalls } from './repeated-calls.js';
import { replicaSteps } from './replica-steps.js';
import { robustness } from './robustness.js';
import { roundedHinges } from './rounded-hinges.js';
import { sampleWeights } from './sample-weights.js';
import { sharding } from './sharding.js';
import { similarBatches } from './similar-batches.js';
import { training } from './training.js';
import { triplets } from './triplets.js';
import { walk } from './walk.js';
import { wrongAtScale } from './wrong-at-scale.js';
import type { WrongBackend } from './wrong-backend.js';
import { fromLogits } from './wrong-from-logits.js';
import { wrongOnOddities } from './wrong-on-oddities.js';
import { wrongOnWideBatches } from './wrong-on-wide-batches.js';
import { wrongOnWideLogits } from './wrong-on-wide-logits.js';
import { wrongSteps } from './wrong-steps.js';

export type { WrongBackend } from './wrong-backend.js';

/** All wrong backends, in the order of the walk. */
export const wrongBackends: readonly WrongBackend[] = [
  ...minority,
  ...mining,
  ...easyAnchors,
  ...triplets,
  ...relative,
  ...gradient,
  ...absolute,
  ...distribution,
  ...instance,
  ...balance,
  ...walk,
  ...training,
  ...sampleWeights,
  ...sharding,
  ...replicaSteps,
  ...robustness,
  ...layouts,
  ...nonFiniteFeatures,
  ...wrongOnOddities,
  ...wrongOnWideBatches,
  ...wrongOnWideLogits,
  ...roundedHinges,
  ...kernel,
  ...wrongAtScale,
  ...manyAttributes,
  ...approximateMining,
  ...precision,
  ...repeatedCalls,
  ...similarBatches,
  ...wrongSteps,
  ...fromLogits,
  ...rawLogits,
  ...crossedConditions,
];
