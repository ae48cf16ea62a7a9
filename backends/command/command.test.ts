import { join } from 'node:path';
import { afterEach, describe, expect, it, vi } from 'vitest';
import {
  type Backend,
  balancedLoss,
  createBatch,
  globalBatchLoss,
  type ReplicaLoss,
  resolveOptions,
  shardBatch,
} from '../../spec/index.js';
import { commandBackend, commandIn, commandName, splitCommand } from './index.js';

const PROGRAM = join(import.meta.dirname, 'answering.test-program.mjs');
const batch = createBatch({
  attributes: [3],
  labels: [[0], [0], [1], [1], [1], [-1]],
  scores: [0.2, 0.9, 0.4, 0.1, 1 / 3, 0.5].map((p) => [p, 0.5, 0.1]),
});
const options = { ...resolveOptions(batch), alpha: 0.3 };

const open: Backend[] = [];
afterEach(async () => {
  for (const backend of open.splice(0)) await backend.dispose?.();
});

async function start(misbehaviour = ''): Promise<Backend> {
  const backend = await commandBackend({ command: [process.execPath, PROGRAM, misbehaviour], timeout: 60 });
  open.push(backend);
  return backend;
}

describe('a command is split', () => {
  it.each([
    ['python my_backend.py', ['python', 'my_backend.py']],
    ['  python   x.py  ', ['python', 'x.py']],
    ['"C:\\Program Files\\python.exe" x.py', ['C:\\Program Files\\python.exe', 'x.py']],
    ['python C:\\new\\table.py', ['python', 'C:\\new\\table.py']],
    [`python -c "print('a b')"`, ['python', '-c', "print('a b')"]],
    [`python '' --name="a b"`, ['python', '', '--name=a b']],
    ['python $HOME *.py | cat', ['python', '$HOME', '*.py', '|', 'cat']],
  ])('%s', (command, expected) => {
    expect(splitCommand(command)).toEqual(expected);
    expect(commandIn(commandName(command))).toEqual(expected);
  });

  it('unless a quote is open, or there is no program', () => {
    expect(() => splitCommand('python "x.py')).toThrow('command: expected a closing "');
    expect(() => splitCommand('  ')).toThrow('command: expected a program and its arguments');
    expect(commandIn('python x.py')).toBeUndefined();
  });
});

describe('a backend in a process of its own', () => {
  it('is told whether a second batch is for the same loss', async () => {
    const backend = await start();
    const others = { ...options, alpha: 0.9 };
    const found = async (isSameLoss: boolean) =>
      (await backend.train?.(batch, options, { beside: { batch, options: others, isSameLoss } }))?.beside
        ?.loss;
    expect(await found(true)).toBe(balancedLoss(batch, options).loss);
    expect(await found(false)).toBe(balancedLoss(batch, others).loss);
  });

  it('gives the numbers of its process, bit by bit', async () => {
    const backend = await start();
    expect(backend.name).toBe('by-the-specification');
    expect(backend.supports.execution).toBe('async');
    const found = await backend.balancedLoss(batch, options);
    const expected = balancedLoss(batch, options);
    expect(found.loss).toBe(expected.loss);
    expect([...found.gradient.data]).toEqual([...expected.gradient.data]);
    expect(found.statistics).toEqual(expected.statistics);
  });

  it('gives what each of its replicas returns, empty ones too', async () => {
    const backend = await start();
    expect(backend.supports.sharding).toBe('global');
    const features = [1, 2, 3, 4, 5, 6].map((x) => [x, 0]);
    const labels = [[0], [0], [1], [1], [1], [-1]];
    const scores = labels.map((_, i) => [i / 8, 0.5, 0.25]);
    for (const given of [features, [features]]) {
      const whole = createBatch({ attributes: [3], labels, scores, features: given });
      const shards = shardBatch(whole, [2, 0, 4]);
      const weights = [[1, 2], [], [0, 1, 1, 3]];
      for (const level of ['class', 'instance'] as const) {
        const chosen = { ...resolveOptions(whole, { level }), alpha: 0.3 };
        const step = { averaging: 'average', weights } as const;
        const found = await backend.lossOnReplicas?.(shards, chosen, step);
        const right = globalBatchLoss(shards, chosen, step);
        const plain = (one: ReplicaLoss) => [
          one.loss,
          one.gradient.shape,
          [...one.gradient.data],
          one.featureGradient?.shape,
        ];
        expect(found?.map(plain)).toEqual(right.map(plain));
      }
    }
  });

  it('answers several questions that are open at once', async () => {
    const backend = await start();
    const alphas = [0, 0.25, 0.5, 0.75, 1];
    const losses = await Promise.all(
      alphas.map((alpha) => backend.balancedLoss(batch, { ...options, alpha })),
    );
    expect(losses.map(({ loss }) => loss)).toEqual(
      alphas.map((alpha) => balancedLoss(batch, { ...options, alpha }).loss),
    );
  });

  it.each([
    ['crash', /crashed \(SIGABRT\)/],
    ['exit', /ended \(exit code 3\)/],
    ['garbage', /printed a line that is not an answer .*standard error.*: loss = 0\.5/],
    ['half a line', /ended \(exit code 0\) in the middle of a line: \{"id": 1, "res/],
    ['another question', /answered a question that was not asked/],
    ['no array', /answer: gradient: expected an array as \{dtype, shape, data\}, got undefined/],
    ['an error', /no such class/],
    ['an error without a name', /answer: error: expected \{name, message\} with texts, got "no such class"/],
    ['an end beside a child', /ended \(exit code 4\)/],
  ])('that fails by %s says so, and is started again', async (misbehaviour, message) => {
    const backend = await start(misbehaviour);
    for (let time = 0; time < 2; time++) {
      await expect(backend.balancedLoss(batch, options)).rejects.toThrow(message);
      const selection = await backend.selectMinority?.(batch, options);
      expect(selection?.profile).toEqual([[2, 3, 0]]);
    }
  });

  it('that gives no answer is ended, and started again', async () => {
    const backend = await start('no answer');
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const asked = expect(backend.balancedLoss(batch, options)).rejects.toThrow(
      expect.objectContaining({
        name: 'NoAnswerError',
        message: 'the process of the backend gave no answer to balancedLoss within 60 s',
      }),
    );
    await vi.advanceTimersByTimeAsync(60_000);
    await asked;
    vi.useRealTimers();
    expect((await backend.selectMinority?.(batch, options))?.profile).toEqual([[2, 3, 0]]);
  });

  it('may write null where there is no error', async () => {
    const backend = await start('null for no error');
    expect((await backend.balancedLoss(batch, options)).loss).toBe(balancedLoss(batch, options).loss);
  });

  it('that leaves a child with its output is closed when it has ended', async () => {
    const backend = await start('leaves a child');
    await backend.dispose?.(); // would not settle
  });

  it('that ignores its end is stopped', async () => {
    const backend = await start('ignores its end');
    await backend.dispose?.();
    await expect(backend.balancedLoss(batch, options)).rejects.toThrow('was closed');
  });

  it('that cannot be started, or speaks another protocol, says so', async () => {
    const missing = commandBackend({ command: ['no-such-program'], timeout: 10 });
    await expect(missing).rejects.toThrow('the process of the backend could not be started');
    const other = commandBackend({
      command: [
        process.execPath,
        '-e',
        `process.stdin.once('data', () => console.log('{"id":0,"result":{}}'))`,
      ],
      timeout: 10,
    });
    await expect(other).rejects.toThrow('answer: hello.protocol: expected 1, got undefined');
  });
});
