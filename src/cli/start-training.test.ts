import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { type DigitSetting, type Trial, trialsOf } from '../digits/experiment.js';
import { file, folder } from './crl.test-helper.js';
import { trainTrials } from './start-training.js';

/** The program of the last build: a process runs no TypeScript. */
const program = resolve(import.meta.dirname, '../../dist/src/cli/start-training-child.js');
const setting: DigitSetting = {
  sizes: { most: 50, ratio: 5, validation: 5, test: 10 },
  seeds: [1, 2],
  etas: [0.2],
  hidden: 4,
  epochs: 2,
  batchSize: 32,
  learningRate: 0.01,
  kappa: 3,
};
const target = { backend: 'tfjs-fused', engine: 'wasm' };
const trials = trialsOf(setting, 0);

/** A program that answers each trial with this expression, of the trial and a function that trains. */
const answering = (answer: string) =>
  resolve(
    folder,
    file('child.mjs', `process.on('message', async (trial) => { process.send(await (${answer})(trial)); });`),
  );

describe('training in processes', () => {
  it('gives the same numbers bit by bit in one process and in three, in the order of the trials', async () => {
    const results = (jobs: number) => trainTrials(trials, { target, setting, jobs, program });
    const [one, three] = [await results(1), await results(3)];
    expect(three).toEqual(one);
    expect(one.map(({ seed, eta }): Trial => ({ seed, eta }))).toEqual(trials);
    expect(new Set(one.map(({ test }) => test.accuracy)).size).toBeGreaterThan(1);
  });

  it('gives the next trial to the process that is free', async () => {
    const slow = answering(`async (trial) => {
      if (trial.seed === 1 && trial.eta === 0) await new Promise((done) => { setTimeout(done, 500); });
      return { kind: 'trained', result: { ...trial, omega: process.pid } };
    }`);
    const told: string[] = [];
    const onTrained = (what: string) => told.push(what);
    const found = await trainTrials(trials, { target, setting, jobs: 2, program: slow, onTrained });
    const processes = found.map(({ omega }) => omega);
    expect(new Set(processes.slice(1)).size).toBe(1); // the other trains all the rest meanwhile
    expect(processes[0]).not.toBe(processes[1]);
    expect(told.at(-1)).toBe('seed 1: cross entropy');
  });

  it('runs one process on an engine that has threads of its own', async () => {
    const alone = answering(`(trial) => ({ kind: 'trained', result: { ...trial, omega: process.pid } })`);
    const on = { backend: 'tfjs-fused', engine: 'tensorflow' };
    const found = await trainTrials(trials, { target: on, setting, jobs: 4, program: alone });
    expect(new Set(found.map(({ omega }) => omega)).size).toBe(1);
  });

  it('says what a lost process was training, and what a trial failed with', async () => {
    const lost = answering('() => process.exit(3)');
    await expect(trainTrials(trials, { target, setting, jobs: 1, program: lost })).rejects.toThrow(
      'the process that trained seed 1: cross entropy ended with exit code 3',
    );
    const missing = { ...target, engine: 'nope' };
    await expect(trainTrials(trials, { target: missing, setting, jobs: 2, program })).rejects.toMatchObject({
      message: expect.stringContaining('nope'),
    });
  });

  it.each(['SIGINT', 'SIGKILL'] as const)('ends its processes when %s ends the command', async (signal) => {
    const url = (name: string) =>
      JSON.stringify(pathToFileURL(resolve(import.meta.dirname, '../../dist/src/cli', name)).href);
    const order = { target, setting: { ...setting, epochs: 1e9 }, jobs: 2 };
    const command = file(
      'command.mjs',
      `import childProcess from 'node:child_process';
      import { syncBuiltinESMExports } from 'node:module';
      const { fork } = childProcess;
      childProcess.fork = (...given) => {
        const child = fork(...given);
        console.log(child.pid);
        return child;
      };
      syncBuiltinESMExports();
      const { trainTrials } = await import(${url('start-training.js')});
      const { stoppable } = await import(${url('stop-signals.js')});
      await stoppable(() => trainTrials(${JSON.stringify(trials)}, ${JSON.stringify(order)}), () => {});`,
    );
    const parent = spawn(process.execPath, [command], { cwd: folder, stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    parent.stdout.setEncoding('utf8').on('data', (text: string) => {
      printed += text;
    });
    const pids = () => printed.trim().split('\n').map(Number);
    await expect.poll(pids, { timeout: 20_000 }).toHaveLength(2);
    expect(pids().every(isRunning)).toBe(true);
    parent.kill(signal);
    await once(parent, 'exit');
    await expect.poll(() => pids().some(isRunning), { timeout: 20_000 }).toBe(false);
  });

  it('leaves no process behind when a trial fails', async () => {
    const own = answering(`(trial) => trial.eta === 0
      ? { kind: 'failed', name: 'PackageMissingError', message: String(process.pid) }
      : new Promise(() => setInterval(() => {}, 1000))`);
    const failure = await trainTrials(trials, { target, setting, jobs: 1, program: own }).catch(
      (error: Error) => error,
    );
    const { name, message } = failure as Error;
    expect(name).toBe('PackageMissingError');
    await expect.poll(() => isRunning(Number(message))).toBe(false);
  });
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
