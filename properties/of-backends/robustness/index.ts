/**
 * Robustness: what has nothing to do with the loss, and everything with using a backend.
 *
 * @module
 */
import type { Property } from '../../property.js';
import { engine } from './engine.js';
import { memory } from './memory.js';
import { nonFinite } from './non-finite.js';
import { scale } from './scale.js';
import { state } from './state.js';

/** The properties of robustness. */
export const robustness: readonly Property[] = [...scale, ...state, ...memory, ...nonFinite, ...engine];
