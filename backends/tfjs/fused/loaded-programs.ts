/**
 * The WGSL programs of the loss, once they are loaded. They are a third of the code of the loss, and only `webgpu`
 * needs them.
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
 * @throws EngineUnavailableError - if its programs are not loaded. The graph of stock operations is several
 * times slower, and does not silently stand in for them
 */
export function loadedWebgpuWalk(): typeof webgpuWalk {
  if (loaded) return loaded;
  throw new EngineUnavailableError(
    'webgpu',
    "the programs of the loss are not loaded; start the engine with loadEngine('webgpu') of class-rectification/backends/tfjs, or import 'class-rectification/backends/tfjs/webgpu' before training",
  );
}
