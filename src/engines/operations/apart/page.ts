/**
 * The script of the page in which the operations of a browser's engine are judged. The program that drives the page
 * calls `judgeOperations` in it, and is told of each claim by `onClaim`.
 *
 * @module
 */
import { setWasmPaths } from '@tensorflow/tfjs-backend-wasm';
import { EngineUnavailableError } from '../../../../backends/tfjs/index.js';
import { judgeOperations } from '../index.js';
import type { JudgeRequest } from './judge-apart.js';
import type { JudgeMessage } from './messages.js';

/** The parts of a window that are used. */
interface Window {
  readonly location: { readonly href: string };
  readonly onClaim: (message: JudgeMessage) => Promise<void>;
  judgeOperations: (request: JudgeRequest) => Promise<JudgeMessage>;
}

const page = globalThis as unknown as Window;

page.judgeOperations = async (request) => {
  setWasmPaths(new URL('.', page.location.href).href);
  let told = Promise.resolve();
  const tell = (message: JudgeMessage) => {
    told = told.then(() => page.onClaim(message)); // in order
  };
  try {
    const { adapter } = await judgeOperations({
      ...request,
      onStart: (claim) => tell({ kind: 'start', claim }),
      onReport: (report) => tell({ kind: 'report', report }),
    });
    await told;
    return { kind: 'done', adapter };
  } catch (error) {
    if (error instanceof EngineUnavailableError) return { kind: 'unavailable', reason: error.reason };
    return { kind: 'error', message: String((error as Error).stack ?? error) };
  }
};
