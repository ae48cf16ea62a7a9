/**
 * The loss on `webgpu`. Import it for its side effect if you start that engine yourself; `loadEngine` imports it
 * for you.
 *
 * @example
 * ```ts
 * import 'class-rectification/backends/tfjs/webgpu';
 * // then: await tf.setBackend('webgpu')
 * ```
 *
 * @module
 */
import { provideWebgpuWalk } from './fused/loaded-programs.js';
import { webgpuWalk } from './fused/webgpu/walk.js';

provideWebgpuWalk(webgpuWalk);
