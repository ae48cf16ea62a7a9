/**
 * The loss of a training step on `webgpu`. It only runs if it is asked for, since a software adapter takes
 * minutes.
 *
 * @module
 */
import { measureGpu } from '../gpu/measure.js';
import type { Section } from '../section.js';

export const webgpu: Section = {
  id: 'webgpu',
  title: 'The loss of a training step and its gradient on webgpu, relative comparison',
  onlyAsked: true,
  run: ({ seconds, quick }) =>
    measureGpu({ engine: 'webgpu', sizes: quick ? [128] : [1024, 8192], seconds, graph: true }),
};
