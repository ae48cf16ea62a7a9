/**
 * WebGL, in a browser.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { rethrow } from '../../optional-package.js';
import { countCalls, watchOnce } from './dispatches.js';
import type { Engine, EngineWatch } from './engine.js';
import { EngineUnavailableError, GpuFaultError } from './errors.js';
import { inNode } from './navigator-gpu.js';

/** The part of a `WebGL2RenderingContext` that is used. */
interface Gl {
  getError(): number;
  isContextLost(): boolean;
  getExtension(name: 'WEBGL_debug_renderer_info'): { readonly UNMASKED_RENDERER_WEBGL: number } | null;
  getParameter(name: number): unknown;
  readonly RENDERER: number;
}

interface WebglBackend {
  readonly gpgpu: { readonly gl: Gl };
  runWebGLProgram(...args: never[]): unknown;
}

/** Takes any renderer with float32 textures, software included, and reports its name. */
export const webgl: Engine = {
  package: '@tensorflow/tfjs-backend-webgl',

  async load() {
    if (inNode()) {
      throw new EngineUnavailableError('webgl', 'Node has no WebGL; it runs in a browser');
    }
    await import('@tensorflow/tfjs-backend-webgl').catch(rethrow);
    tf.env().set('SOFTWARE_WEBGL_ENABLED', true);
    tf.env().set('WEBGL_CPU_FORWARD', false); // else tensors under 128 entries are computed on the processor
    tf.env().set('TOPK_LAST_DIM_CPU_HANDOFF_SIZE_THRESHOLD', 0); // else top-k of under 100,000 columns is
    tf.env().set('TOPK_K_CPU_HANDOFF_THRESHOLD', Number.POSITIVE_INFINITY); // else top-k of k > 128 is
  },

  started(backend): EngineWatch {
    // the backend's floatPrecision() does not serve: it says 16 where textures hold 32 bits
    if (!tf.env().getBool('WEBGL_RENDER_FLOAT32_ENABLED')) {
      throw new EngineUnavailableError('webgl', 'this renderer has 16-bit textures only; float32 is needed');
    }
    return watchOnce(backend, () => watch(backend as WebglBackend));
  },
};

/** A shader that does not compile throws in tfjs itself. Whether a program ran is checked here. */
function watch(backend: WebglBackend): EngineWatch {
  const { gl } = backend.gpgpu;
  const unmasked = gl.getExtension('WEBGL_debug_renderer_info')?.UNMASKED_RENDERER_WEBGL;
  const name = String(gl.getParameter(unmasked ?? gl.RENDERER));
  return {
    adapter: /swiftshader|llvmpipe|software/i.test(name) ? `${name} (software)` : name,
    dispatches: countCalls(backend, 'runWebGLProgram'),
    async settle() {
      const faults: string[] = [];
      if (gl.isContextLost()) faults.push('the WebGL context was lost');
      else
        for (let code = gl.getError(); code !== 0; code = gl.getError()) faults.push(`WebGL error ${code}`);
      if (faults.length > 0) throw new GpuFaultError('webgl', faults);
    },
  };
}
