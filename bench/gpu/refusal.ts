/**
 * Why a device cannot run a case.
 *
 * @module
 */
import { GpuFaultError, GpuLimitError, settleEngine } from '../../backends/tfjs/index.js';

/**
 * The message of a device that cannot run a case. Its faults leave zeros, so a case may seem to succeed.
 *
 * @throws the error itself, if it does not come from the device
 */
export async function refusalOf(error: unknown): Promise<string> {
  // a fault may have failed what was waiting for it, so the fault is reported first
  const cause = await settleEngine().then(
    () => error,
    (fault: unknown) => fault,
  );
  if (cause instanceof GpuFaultError || cause instanceof GpuLimitError) return cause.message;
  throw cause;
}
