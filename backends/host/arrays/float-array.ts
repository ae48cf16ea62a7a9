/**
 * The arrays that callers give scores and features in.
 *
 * @module
 */

/** Real numbers in either precision. */
export type FloatArray = Float32Array | Float64Array;
