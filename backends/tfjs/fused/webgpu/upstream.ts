/**
 * The upstream derivative in either form of the loss, in WGSL.
 *
 * @module
 */
import type { DeviceSteps } from '../../walk.js';

/** L, one number; or one loss per sample, n numbers. */
export type Form = keyof DeviceSteps;

/**
 * `upstreamOfAll()`, which L_crl is multiplied by; all lanes take part. Every workgroup adds up the n numbers
 * itself: another program would cost a launch, and a buffer more than the 8 that every device has.
 */
export const UPSTREAM: Record<Form, string> = {
  total: 'fn upstreamOfAll() -> f32 { return upstream[0]; }',
  perSample: `
  fn upstreamOfAll() -> f32 {
    var sum = 0.0;
    for (var i = lane(); i < uniforms.samples; i = i + LANES) { sum = sum + upstream[i]; }
    return sumLanes(sum);
  }`,
};
