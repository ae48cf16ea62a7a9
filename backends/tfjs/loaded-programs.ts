/**
 * The WGSL programs of the loss, once they are loaded: they are a third of its code, which only
 * `webgpu` runs.
 *
 * @module
 */
import { EngineUnavailableError } from './engines/errors.js';
import type { webgpuWalk } from './fused/webgpu/walk.js';
import type { webgpuScatter } from './graph/scatter-program.js';

/** What runs on `webgpu` alone: the fused walk, and the graph's scatter. */
export interface WebgpuPrograms {
  readonly walk: typeof webgpuWalk;
  readonly scatter: typeof webgpuScatter;
}

let loaded: WebgpuPrograms | undefined;

/** Makes the programs known to the loss. */
export function provideWebgpuPrograms(programs: WebgpuPrograms): void {
  loaded = programs;
}

/**
 * The programs of `webgpu`.
 *
 * @throws EngineUnavailableError - if they are not loaded: operations of tfjs would be several times as
 * slow, and must not stand in for them silently
 */
export function webgpuPrograms(): WebgpuPrograms {
  if (loaded) return loaded;
  throw new EngineUnavailableError(
    'webgpu',
    "the programs of the loss are not loaded; start the engine with loadEngine('webgpu') of class-rectification/backends/tfjs, or import 'class-rectification/backends/tfjs/webgpu' before training",
  );
}
