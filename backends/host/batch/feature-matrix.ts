/**
 * Features as they come.
 *
 * @module
 */

/** n×d in memory, rows side by side. */
export type FeatureMatrix = Float32Array | Float64Array;
