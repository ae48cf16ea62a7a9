/**
 * The loss on `webgpu`: import it for its effect, where you start that engine yourself. `loadEngine`
 * imports it too.
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
