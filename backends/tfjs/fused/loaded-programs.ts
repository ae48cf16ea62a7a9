/**
 * The WGSL programs of the loss, once they are loaded: they are a third of its code, which only
 * `webgpu` runs.
 *
 * @module
 */
import { EngineUnavailableError } from '../engines/errors.js';
import type { webgpuWalk } from './webgpu/walk.js';

let loaded: typeof webgpuWalk | undefined;

/** Makes the programs known to the fused loss. */
export function provideWebgpuWalk(walk: typeof webgpuWalk): void {
  loaded = walk;
}

/**
 * The walk on `webgpu`.
 *
 * @throws EngineUnavailableError - if its programs are not loaded: the graph of stock operations would
 * be several times as slow, and must not stand in for them silently
 */
export function loadedWebgpuWalk(): typeof webgpuWalk {
  if (loaded) return loaded;
  throw new EngineUnavailableError(
    'webgpu',
    "the programs of the loss are not loaded; start the engine with loadEngine('webgpu') of class-rectification/backends/tfjs, or import 'class-rectification/backends/tfjs/webgpu' before training",
  );
}
