import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { pathToFileURL } from 'node:url';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import { hostLoss } from '../host-loss.js';
import { helpers } from './block-work.js';
import { startThreads, type Threads, type ThreadsOptions } from './index.js';
import { Lane } from './lane.js';
import { Pool } from './pool.js';

/** As it is built: Node runs no TypeScript in a worker. */
const worker = new URL('../../../dist/backends/host/threads/worker.js', import.meta.url);
const folder = mkdtempSync(join(tmpdir(), 'crl-threads-'));
afterAll(() => rmSync(folder, { recursive: true }));

let started: Threads | undefined;
afterEach(() => {
  started?.stop();
  started = undefined;
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

let workers = 0;

/** A worker that runs this code. */
function workerOf(code: string): URL {
  workers += 1; // a file of its own for each, since Node loads a file once
  const path = join(folder, `worker-${workers}.mjs`);
  writeFileSync(path, `import { parentPort } from 'node:worker_threads';\n${code}`);
  return pathToFileURL(path);
}

/** A batch that is large enough to be shared, and what one thread makes of it. */
function largeBatch() {
  const [n, classes] = [300, 700];
  const labels = Int32Array.from({ length: n }, (_, i) => (i * i) % 90);
  const scores = Float32Array.from({ length: n * classes }, (_, at) => 5 * Math.sin(at * at));
  const loss = hostLoss({ attributes: [classes], fromLogits: true, alpha: 0.5 });
  const found = () => {
    const { gradient, ...rest } = loss.balanced({ labels, scores });
    return { ...rest, gradient: createHash('sha256').update(Buffer.from(gradient.buffer)).digest('hex') };
  };
  return { found, alone: found() };
}

describe('threads', () => {
  it.each([1, 2, 5])('%d: results are those of one thread to the last bit', async (threads) => {
    const { found, alone } = largeBatch();
    started = await startThreads({ threads, worker });
    expect(started.count).toBe(threads);
    const collected = vi.spyOn(Lane.prototype, 'isValid');
    // until a worker has computed something: a busy machine may need several calls
    do {
      expect(found()).toEqual(alone);
      await nextTurn();
    } while (threads > 1 && collected.mock.calls.length === 0);
    started.stop();
    expect([started.count, helpers()]).toEqual([1, undefined]);
    expect(found()).toEqual(alone);
  });

  it('replace those of before', async () => {
    const before = await startThreads({ threads: 2, worker });
    started = await startThreads({ threads: 3, worker });
    expect([before.count, started.count]).toEqual([1, 3]);
    before.stop();
    expect(started.count).toBe(3);
    expect(helpers()).toBeInstanceOf(Pool);
    await expect(startThreads({ threads: 9, worker: workerOf('process.exit(1);') })).rejects.toThrow();
    expect(started.count).toBe(3);
  });

  it('go on with one fewer if a worker ends at work, with the same results and a warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const { found, alone } = largeBatch();
    const dying = workerOf("parentPort.onmessage = () => process.exit(3); parentPort.postMessage('ready');");
    started = await startThreads({ threads: 2, worker: dying });
    while (started.count > 1) {
      expect(found()).toEqual(alone);
      await nextTurn();
    }
    expect(found()).toEqual(alone);
    expect(warn).toHaveBeenCalledTimes(1);
    expect(warn.mock.calls[0]).toEqual([
      'class-rectification: a worker of the loss has ended; threads left: 1.',
      new Error('the worker ended with exit code 3'),
    ]);
  });

  it('are not waited for: a worker that takes work and never finishes it', async () => {
    const { found, alone } = largeBatch();
    const state = 1; // OFFERED, which becomes TAKEN
    const hanging = workerOf(`
      parentPort.onmessage = ({ data }) => {
        const control = new Int32Array(data);
        for (;;) for (const slot of [0, 16]) Atomics.compareExchange(control, slot, ${state}, 2);
      };
      parentPort.postMessage('ready');`);
    started = await startThreads({ threads: 2, worker: hanging });
    for (let call = 0; call < 5; call++) expect(found()).toEqual(alone);
  });

  it.each([
    [
      'is not there',
      () => new URL('./no-such-file.mjs', pathToFileURL(join(folder, 'x'))),
      'Cannot find module',
    ],
    ['throws', () => workerOf("throw new Error('out of luck');"), 'out of luck'],
    ['ends', () => workerOf('process.exit(4);'), 'exit code 4'],
  ])('are not started with a file that %s', async (_, file, cause) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {});
    const failed = await startThreads({ threads: 3, worker: file() }).catch((error: unknown) => error);
    expect(failed).toMatchObject({ name: 'ThreadsUnavailableError' });
    expect((failed as Error).message).toMatch(/^threads: a worker did not start: see the cause/);
    expect(((failed as Error).cause as Error).message).toContain(cause);
    expect(helpers()).toBeUndefined();
    expect(warn).not.toHaveBeenCalled();
  });

  it('need memory that can be shared, unless there is one', async () => {
    vi.stubGlobal('SharedArrayBuffer', undefined);
    await expect(startThreads({ threads: 2, worker })).rejects.toThrow('not cross-origin isolated');
    expect((await startThreads({ threads: 1 })).count).toBe(1);
  });

  it.each([
    [null, 'options: expected an object, such as { threads: 2 }, got null'],
    [{ threads: '2' }, 'options.threads: expected an integer from 1 to 64, got "2"'],
    [{ threads: 0 }, 'options.threads: expected an integer from 1 to 64, got 0'],
    [{ threads: 65 }, 'options.threads: expected an integer from 1 to 64, got 65'],
    [{ threads: 1.5 }, 'options.threads: expected an integer from 1 to 64, got 1.5'],
    [{ worker: 'worker.js' }, 'options.worker: expected a URL, got "worker.js"'],
    [{ thread: 2 }, 'options.thread: expected one of threads, worker (did you mean threads?)'],
  ])('refuse %j', async (options, message) => {
    await expect(startThreads(options as ThreadsOptions)).rejects.toThrow(message);
  });

  it('by default are as many as the cores, at most 4', async () => {
    started = await startThreads({ worker });
    expect(started.count).toBeGreaterThanOrEqual(1);
    expect(started.count).toBeLessThanOrEqual(4);
  });

  it('do not keep a process alive', () => {
    const built = new URL('../../../dist/backends/host/threads/index.js', import.meta.url);
    const code = `
      const { startThreads } = await import(${JSON.stringify(built.href)});
      process.stdout.write(String((await startThreads({ threads: 3 })).count));`;
    const out = execFileSync(process.execPath, ['--input-type=module', '-e', code], { encoding: 'utf8' });
    expect(out).toBe('3');
  });
});
