/**
 * The process in which one engine is tried: started by `check-engine.ts` with the engine's name, it answers with
 * one message.
 *
 * @module
 */
import { createRequire } from 'node:module';
import { cpus } from 'node:os';
import * as tf from '@tensorflow/tfjs-core';
import { ENGINE_NAMES } from '../../backends/tfjs/engines/names.js';
import { runGraph } from '../../backends/tfjs/engines/run-graph.js';
import { EngineUnavailableError, type LoadedEngine, loadEngine } from '../../backends/tfjs/index.js';
import { declaredBackends } from '../support/declared-backends.js';
import { verify } from '../verify/verify.js';
import { ONE_CASE, stateOf } from './check-by-suite.js';
import type { CheckAnswer } from './engine-state.js';

const SECOND = 1000;
/** Rows and columns of the matrices that are multiplied. */
const SIZE = 256;

/** Whole numbers so small that every sum of the product is exact in float32. */
const entry = (at: number) => ((at * 37) % 15) - 7;

const name = process.argv[2] as string;
process.send?.(await answer());
process.disconnect?.();

async function answer(): Promise<CheckAnswer> {
  try {
    const declared = declaredBackends.find(({ engines }) => engines.some((engine) => engine.name === name));
    if (declared && !(ENGINE_NAMES as readonly string[]).includes(name))
      return stateOf(await verify(await declared.load(), { engine: name, ...ONE_CASE }), declared.packages);
    const engine = await loadEngine(name);
    return { ...(await timed(engine)), device: deviceOf(engine), version: versionOf(engine) };
  } catch (error) {
    const { message } = error as Error;
    if (!(error instanceof EngineUnavailableError)) return { state: 'broken', reason: message };
    const cause = error.cause as { code?: string } | undefined;
    const [, command] = / get it with: (.*)$/.exec(message) ?? [];
    if (command !== undefined) return { state: 'missing', reason: command };
    return { state: cause === undefined ? 'unavailable' : 'broken', reason: error.reason };
  }
}

/** Multiplies matrices for a second, and compares the last product with the right one. */
async function timed(
  engine: LoadedEngine,
): Promise<{ state: 'works'; products: number } | { state: 'broken'; reason: string }> {
  const values = Float32Array.from({ length: SIZE * SIZE }, (_, at) => entry(at));
  const matrix = tf.tensor2d(values, [SIZE, SIZE]);
  let found: ArrayLike<number> = [];
  let products = 0;
  for (const began = performance.now(); performance.now() - began < SECOND; products++) {
    ({
      product: { data: found },
    } = await runGraph(engine, () => ({ product: tf.matMul(matrix, matrix) })));
  }
  for (let row = 0; row < SIZE; row++) {
    for (let column = 0; column < SIZE; column++) {
      let right = 0;
      for (let at = 0; at < SIZE; at++) right += entry(row * SIZE + at) * entry(at * SIZE + column);
      const got = found[row * SIZE + column];
      if (got !== right) {
        return {
          state: 'broken',
          reason: `it computes wrongly: a matrix product has ${got} at (${row}, ${column}), expected ${right}`,
        };
      }
    }
  }
  return { state: 'works', products };
}

function deviceOf({ adapter }: LoadedEngine): string {
  return adapter ?? cpus()[0]?.model ?? 'unknown processor';
}

/** The version of what computes, and of the tfjs package that calls it where they are different. */
function versionOf({ registered }: LoadedEngine): string {
  if (registered === 'tensorflow') {
    const { binding } = tf.backend() as unknown as { binding?: { TF_Version?: string } };
    return `TensorFlow ${binding?.TF_Version ?? 'of unknown version'}, tfjs ${tf.version_core}`;
  }
  if (registered === 'webgpu') {
    const { version } = createRequire(import.meta.url)('webgpu/package.json') as { version: string };
    return `webgpu ${version}, tfjs ${tf.version_core}`;
  }
  return `tfjs ${tf.version_core}`;
}
