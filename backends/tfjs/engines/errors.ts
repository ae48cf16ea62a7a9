/**
 * The errors of engines. No engine silently stands in for another.
 *
 * @module
 */

export { EngineUnavailableError } from '../../engine-unavailable-error.js';

/** A GPU engine returned a result without running a program: something else computed it. */
export class NoDispatchError extends Error {
  override readonly name = 'NoDispatchError';
  constructor(readonly engine: string) {
    super(`engine ${engine}: no GPU program ran, so this result was not computed on it`);
  }
}

/** A GPU engine reported that a program did not compile or run; its results must not be used. */
export class GpuFaultError extends Error {
  override readonly name = 'GpuFaultError';
  constructor(
    readonly engine: string,
    /** Every report since the last one thrown, first to last; the first is usually the cause. */
    readonly faults: readonly string[],
  ) {
    super(`engine ${engine}: the GPU reported ${faults.length} faults; the first: ${faults[0]}`);
  }
}

/** A batch is too large for a GPU program. A smaller batch, fewer classes, or the backend `tfjs` may fit. */
export class GpuLimitError extends Error {
  override readonly name = 'GpuLimitError';
  constructor(
    readonly engine: string,
    /** What is limited. */
    readonly what: string,
    readonly asked: number,
    readonly most: number,
  ) {
    super(
      `engine ${engine}: expected at most ${most} ${what}, got ${asked}; use smaller batches, or the backend tfjs`,
    );
  }
}
