/**
 * What a worker runs. Importing it is of use only there.
 *
 * @module
 */
import { computeCall } from './compute-call.js';
import { Lane } from './lane.js';

/** Where messages come from: in Node the parent's port, in a browser the worker itself. */
interface Port {
  onmessage: ((message: { readonly data: SharedArrayBuffer }) => void) | null;
  postMessage(message: unknown): void;
}

const inNode = globalThis.process?.getBuiltinModule?.('node:worker_threads')?.parentPort;
const port = (inNode ?? globalThis) as unknown as Port;
// The caller sends another memory when blocks become larger, and closes the lane of the one before.
port.onmessage = ({ data }) => new Lane(data).serve(computeCall);
port.postMessage('ready');
