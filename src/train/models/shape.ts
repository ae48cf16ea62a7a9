/**
 * What a model is given.
 *
 * @module
 */

/** Of every image. */
export interface Shape {
  readonly width: number;
  readonly height: number;
  readonly channels: number;
}
