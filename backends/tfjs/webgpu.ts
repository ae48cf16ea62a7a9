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
import { webgpuWalk } from './fused/webgpu/walk.js';
import { webgpuScatter } from './graph/scatter-program.js';
import { provideWebgpuPrograms } from './loaded-programs.js';

provideWebgpuPrograms({ walk: webgpuWalk, scatter: webgpuScatter });
