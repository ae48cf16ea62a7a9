/**
 * Robustness: what matters in using a backend, apart from the loss that it computes.
 *
 * @module
 */
import type { Property } from '../../property.js';
import { engine } from './engine.js';
import { memory } from './memory.js';
import { nonFiniteFeatures } from './non-finite-features.js';
import { nonFiniteScores } from './non-finite-scores.js';
import { overflowingDistances } from './overflowing-distances.js';
import { scale } from './scale.js';
import { similarBatches } from './similar-batches.js';
import { state } from './state.js';

/** The properties of robustness. */
export const robustness: readonly Property[] = [
  ...scale,
  ...state,
  ...similarBatches,
  ...memory,
  ...nonFiniteScores,
  ...nonFiniteFeatures,
  ...overflowingDistances,
  ...engine,
];
