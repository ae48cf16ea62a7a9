/**
 * The process in which the operations of an engine are judged: started by `in-process.ts` with one argument, the
 * request as JSON.
 *
 * @module
 */
import { EngineUnavailableError } from '../../../../backends/tfjs/index.js';
import { judgeOperations } from '../index.js';
import type { JudgeRequest } from './judge-apart.js';
import type { JudgeMessage } from './messages.js';

const request = JSON.parse(process.argv[2] as string) as JudgeRequest;
await judge();
process.disconnect?.();

async function judge(): Promise<void> {
  try {
    const { adapter } = await judgeOperations({
      ...request,
      onStart: (claim) => send({ kind: 'start', claim }),
      onReport: (report) => send({ kind: 'report', report }),
    });
    send({ kind: 'done', adapter });
  } catch (error) {
    if (error instanceof EngineUnavailableError) send({ kind: 'unavailable', reason: error.reason });
    else send({ kind: 'error', message: String((error as Error).stack ?? error) });
  }
}

function send(message: JudgeMessage): void {
  process.send?.(message);
}
