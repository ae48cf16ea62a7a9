/**
 * TensorFlow's own library through Node, on the processor or on a CUDA GPU.
 *
 * @module
 */
import type { Engine, EngineWatch } from './engine.js';
import { EngineUnavailableError } from './errors.js';

/** Imports a package by name. */
export type ImportPackage = (name: string) => Promise<unknown>;

/** The package that was registered as `tensorflow` in this process; tfjs takes only one. */
let filledBy: string | undefined;

/** `tensorflow` computes on the processor. @param importPackage - for tests */
export function tensorflow(importPackage: ImportPackage = importOptional): Engine {
  return tensorflowFrom('tensorflow', '@tensorflow/tfjs-node', importPackage);
}

/** `tensorflow-gpu` computes on a CUDA GPU, or is unavailable. @param importPackage - for tests */
export function tensorflowGpu(importPackage: ImportPackage = importOptional): Engine {
  const name = 'tensorflow-gpu';
  return {
    ...tensorflowFrom(name, '@tensorflow/tfjs-node-gpu', importPackage),
    registered: 'tensorflow',
    started(backend): EngineWatch {
      // without a GPU or its libraries TensorFlow computes on the processor without saying so
      if ((backend as { isUsingGpuDevice?: boolean }).isUsingGpuDevice === true) return {};
      throw new EngineUnavailableError(
        name,
        '@tensorflow/tfjs-node-gpu found no GPU and would compute on the processor; it needs an NVIDIA GPU with its driver, which nvidia-smi shows, and the CUDA and cuDNN of its TensorFlow: npx crl engine install tensorflow-gpu brings them',
      );
    },
  };
}

function tensorflowFrom(name: string, packageName: string, importPackage: ImportPackage): Engine {
  return {
    package: packageName,
    command: `npx crl engine install ${name}`,
    async load() {
      if (filledBy !== undefined && filledBy !== packageName) {
        throw new EngineUnavailableError(
          name,
          `${filledBy} is loaded in this process, and tfjs takes only one of the two; use a separate process`,
        );
      }
      await restoreUtil();
      const loaded = await importPackage(packageName);
      filledBy = packageName;
      return loaded;
    },
  };
}

/** Node 23 removed a function of `util` that tfjs-node 4.22 calls; the fix was never released. */
async function restoreUtil(): Promise<void> {
  const util = globalThis.process?.getBuiltinModule?.('node:util') as
    | { isNullOrUndefined?: (x: unknown) => boolean }
    | undefined;
  if (util) util.isNullOrUndefined ??= (x) => x === null || x === undefined;
}

/** Imports a package that need not be installed. Its name is hidden from the type checker and from bundlers. */
function importOptional(name: string): Promise<unknown> {
  return import(name);
}
