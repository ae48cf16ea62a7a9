/**
 * What each level contributes to a walk.
 *
 * @module
 */
import type * as tf from '@tensorflow/tfjs-core';
import type { Layout } from './layout.js';
import type { Inputs, Run, Shader } from './shader.js';
import type { Form } from './upstream.js';

/** Makes a program. */
export type MakeShader = (name: string, source: string) => Shader;

/** The part of a walk between the program over the columns and the results, for one batch size. */
export interface Mining {
  readonly layout: Layout;
  /** Runs the programs that mine and compare. The result `mined` begins as `lists.ts` reads it. */
  mine(inputs: Inputs, run: Run): Record<string, tf.Tensor>;
  /** The derivatives other than that with respect to the scores. */
  derivatives(inputs: Inputs, run: Run, form: Form): tf.Tensor[];
}

/** A level, once its programs are made. */
export type WebgpuLevel = (samples: number, features: tf.Tensor3D | undefined) => Mining;
