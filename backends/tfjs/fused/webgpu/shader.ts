/**
 * A WGSL program that tfjs's `webgpu` runs. It has one output, and its shapes are static.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { type DeviceLimits, requireFits } from './limits.js';
import { LANES } from './prelude.js';

/** A number that every program of a walk receives. */
export interface Uniform {
  readonly name: string;
  readonly type: 'int32' | 'float32';
  readonly value: number;
}

/** Tensors by the names that sources read them by. A program binds only those that its source names. */
export type Inputs = Readonly<Record<string, tf.Tensor>>;

/** Runs a program with the uniforms of a walk. */
export type Run = (
  shader: Shader,
  inputs: Inputs,
  rest: Pick<ShaderRun, 'groups' | 'shape' | 'dtype'>,
) => tf.Tensor;

/** What one run of a program needs. */
export interface ShaderRun {
  readonly inputs: Inputs;
  readonly uniforms: readonly Uniform[];
  /** Workgroups of {@link LANES} lanes. */
  readonly groups: number;
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32';
}

/** Keys by source. tfjs keeps compiled programs by a key, which must be short and unique. */
const keys = new Map<string, string>();

function keyOf(name: string, source: string): string {
  const known = keys.get(source) ?? `ClassRectification_${name}_${keys.size}`;
  keys.set(source, known);
  return known;
}

/** The beginning of `main` in every source. */
const MAIN = 'fn main(at : i32) {';

/** A program made of a source: `main` and the functions that it calls. */
export class Shader {
  private readonly source: string;

  constructor(
    private readonly name: string,
    source: string,
  ) {
    this.source = source.replaceAll(/\/\*.*?\*\/|\/\/.*/g, ''); // comments name inputs too
  }

  /**
   * Runs it on the current engine, which must be `webgpu`.
   *
   * @throws GpuLimitError - if the device cannot run it
   */
  run({ inputs, uniforms, groups, shape, dtype }: ShaderRun): tf.Tensor {
    const runner = programRunner();
    requireFits(this.name, { groups, words: shape.reduce((a, b) => a * b, 1) }, runner.device.limits);
    const read = Object.keys(inputs).filter((name) => new RegExp(`\\b${name}\\b`).test(this.source));
    // the layout is derived from the code, and leaves out inputs that only uncalled functions read
    const use = read.map((name) => `_ = &${name};`).join(' ');
    const code = this.source.replace(MAIN, `${MAIN} ${use}`);
    const declared = uniforms
      .map(({ name, type }) => `${name} : ${type === 'int32' ? 'i32' : 'f32'}, `)
      .join('');
    const program = {
      variableNames: read,
      uniforms: declared,
      outputShape: shape,
      workgroupSize: [LANES, 1, 1],
      dispatchLayout: { x: shape.map((_, axis) => axis) },
      dispatch: [groups, 1, 1],
      shaderKey: keyOf(this.name, declared + this.source),
      getUserCode: () => code,
    };
    const found = runner.runWebGPUProgram(
      program,
      read.map((name) => inputs[name] as tf.TensorInfo),
      dtype,
      uniforms.map(({ type, value }) => ({ type, data: [value] })),
    );
    return tf.engine().makeTensorFromTensorInfo(found);
  }
}

/** The limits of the current engine's device, which must be `webgpu`'s. */
export function deviceLimits(): DeviceLimits {
  return programRunner().device.limits;
}

function programRunner(): ProgramRunner {
  return tf.backend() as unknown as ProgramRunner;
}

interface ProgramRunner {
  readonly device: { readonly limits: DeviceLimits };
  runWebGPUProgram(
    program: object,
    inputs: tf.TensorInfo[],
    dtype: 'float32' | 'int32',
    uniforms: { readonly type: string; readonly data: number[] }[],
  ): tf.TensorInfo;
}
