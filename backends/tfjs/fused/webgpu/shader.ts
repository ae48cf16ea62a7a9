/**
 * A WGSL program that tfjs's `webgpu` runs: one output, static shapes.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs-core';
import { type DeviceLimits, requireFits } from './limits.js';
import { LANES } from './prelude.js';

/** A number that every program of a walk is handed, as WGSL and as data. */
export interface Uniform {
  readonly name: string;
  readonly type: 'int32' | 'float32';
  readonly value: number;
}

/** Tensors by the names that a source reads them by; what it does not name is not bound. */
export type Inputs = Readonly<Record<string, tf.Tensor>>;

/** Runs a program of a walk, whose numbers it has. */
export type Run = (
  shader: Shader,
  inputs: Inputs,
  rest: Pick<ShaderRun, 'groups' | 'shape' | 'dtype'>,
) => tf.Tensor;

/** What one run of a program is. */
export interface ShaderRun {
  readonly inputs: Inputs;
  readonly uniforms: readonly Uniform[];
  /** Workgroups of {@link LANES} lanes. */
  readonly groups: number;
  readonly shape: number[];
  readonly dtype: 'float32' | 'int32';
}

/** Programs seen so far: tfjs keeps them compiled by a key, which must be short and tell them apart. */
const keys = new Map<string, string>();

function keyOf(name: string, source: string): string {
  const known = keys.get(source) ?? `ClassRectification_${name}_${keys.size}`;
  keys.set(source, known);
  return known;
}

/** How `main` begins in every source. */
const MAIN = 'fn main(at : i32) {';

/** A program by its source: `main` and what it calls. */
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
    // a layout made of the code leaves out what only functions that nobody calls read
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
