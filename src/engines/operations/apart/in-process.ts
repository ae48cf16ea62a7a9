/**
 * Judges the operations of an engine in a process of its own.
 *
 * @module
 */
import { fork } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import { EngineUnavailableError } from '../../../../backends/tfjs/index.js';
import { type JudgeElsewhere, JudgeEndedError } from './judge-apart.js';
import type { JudgeMessage } from './messages.js';
import { Silence } from './silence.js';

/**
 * @param program - for tests
 * @param seconds - for tests
 */
export function inProcess(
  program: string = fileURLToPath(new URL('./child.js', import.meta.url)),
  seconds?: number,
): JudgeElsewhere {
  return async (request, { onStart, onReport }) => {
    const child = fork(program, [JSON.stringify(request)], { stdio: ['ignore', 'ignore', 'pipe', 'ipc'] });
    const silence = new Silence('its process', seconds);
    let printed = '';
    child.stderr?.setEncoding('utf8').on('data', (text: string) => {
      printed = `${printed}${text}`.slice(-10_000);
    });
    const answer = new Promise<{ adapter: string | null }>((resolve, reject) => {
      child.on('message', (message: JudgeMessage) => {
        silence.heard();
        if (message.kind === 'start') onStart(message.claim);
        else if (message.kind === 'report') onReport(message.report);
        else if (message.kind === 'done') resolve({ adapter: message.adapter });
        else if (message.kind === 'unavailable')
          reject(new EngineUnavailableError(request.engine, message.reason));
        else reject(new Error(message.message));
      });
      child.on('error', reject);
      child.on('close', (code, signal) => {
        const said = printed.trim().split('\n').at(-1) ?? '';
        const ended = signal === null ? `ended with exit code ${code}` : `was ended by ${signal}`;
        reject(new JudgeEndedError(`its process ${ended}${said === '' ? '' : `: ${said}`}`));
      });
    });
    try {
      return await Promise.race([answer, silence.broken]);
    } finally {
      silence.end();
      child.kill('SIGKILL'); // threads of an engine may keep it alive
    }
  };
}
