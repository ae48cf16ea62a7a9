/**
 * A training process of `crl start`: it trains one classifier per request.
 *
 * @module
 */
import { Worker } from 'node:worker_threads';
import { fusedBackend, tfjsBackend } from '../../backends/tfjs/backend.js';
import type { EngineName } from '../../backends/tfjs/index.js';
import { runTrial } from '../digits/trial.js';
import type { GuardedProcess } from './judging/process-guard.js';
import type { TrainingOrder, TrainingReply, TrainingRequest } from './start-training-messages.js';

const send = process.send?.bind(process);
if (send === undefined) throw new Error('this is a training process of crl, and is started by it');

process.once('disconnect', () => process.exit());
// training leaves the event loop no time to see that the parent has gone
const guarded: GuardedProcess = { parent: process.ppid };
new Worker(new URL('./judging/process-guard.js', import.meta.url), { workerData: guarded }).unref();

const { target, setting }: TrainingOrder = JSON.parse(process.argv[2] as string);
const make = target.backend === 'tfjs' ? tfjsBackend : fusedBackend;
const backend = make({ engine: target.engine as EngineName });
backend.catch(() => {}); // told by the first reply

process.on('message', async (trial: TrainingRequest) => {
  let reply: TrainingReply;
  try {
    reply = { kind: 'trained', result: await runTrial(await backend, setting, trial) };
  } catch (error) {
    const { name, message } = error as Error;
    reply = { kind: 'failed', name, message };
  }
  send(reply);
});
