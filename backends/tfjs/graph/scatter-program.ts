/**
 * `scatterAdd` as a WebGPU program.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';

/** Threads in a workgroup. */
const WORKGROUP = 64;

/** One thread per number of the result reads all E indices of its row: E·B·n·d steps, and no atomics. */
class ScatterProgram {
  readonly variableNames = ['index', 'values'];
  readonly workgroupSize = [WORKGROUP, 1, 1];
  readonly dispatchLayout = { x: [0, 1, 2] };
  readonly dispatch: [number, number, number];
  readonly shaderKey = 'scatterAdd';
  /** Makes tfjs pass the length of the result as `uniforms.size`. */
  readonly size = true;

  constructor(readonly outputShape: [number, number, number]) {
    this.dispatch = [Math.ceil(outputShape.reduce((a, b) => a * b) / WORKGROUP), 1, 1];
  }

  getUserCode(): string {
    // tfjs may leave int32 data in the memory of a tensor that it has cast to float32
    return `
      fn main(at : i32) {
        if (at < uniforms.size) {
          let place = getCoordsFromIndex(at);
          let width = uniforms.outShape.z;
          let count = uniforms.indexShape.y;
          let first = place.x * count;
          var total = 0.0;
          for (var e = first; e < first + count; e = e + 1) {
            if (i32(index[e]) == place.y) { total = total + f32(values[e * width + place.z]); }
          }
          setOutputAtIndex(at, total);
        }
      }`;
  }
}

interface ProgramRunner {
  runWebGPUProgram(program: ScatterProgram, inputs: tf.TensorInfo[], dtype: 'float32'): tf.TensorInfo;
}

/** `scatterAdd` on webgpu, which must be the current engine. */
export function webgpuScatter(index: tf.Tensor2D, values: tf.Tensor3D, n: number): tf.Tensor3D {
  const program = new ScatterProgram([index.shape[0], n, values.shape[2]]);
  const runner = tf.backend() as unknown as ProgramRunner;
  const found = runner.runWebGPUProgram(program, [index, values], 'float32');
  return tf.engine().makeTensorFromTensorInfo(found) as tf.Tensor3D;
}
