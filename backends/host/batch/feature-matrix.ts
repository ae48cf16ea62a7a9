/**
 * Feature matrices as the caller gives them.
 *
 * @module
 */
import type { FloatArray } from '../arrays/float-array.js';

/** n×d numbers, row by row. */
export type FeatureMatrix = FloatArray;
