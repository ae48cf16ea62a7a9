import { spawn, spawnSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { type ProcessTable, stillRuns, THIS_MACHINE, thisProcess } from './process-identity.js';

const own = { pid: 7, started: '100', host: 'a', boot: 'b1', namespace: 'n1' };
const table: ProcessTable = {
  host: 'a',
  boot: 'b1',
  namespace: 'n1',
  isRunning: (pid) => pid === 7,
  startOf: () => '100',
};

describe('whether a process still runs', () => {
  it.each([
    ['as it did', own, table, true],
    ['gone', { ...own, pid: 8 }, table, false],
    ['gone, and its id is another process’s', { ...own, started: '99' }, table, false],
    ['not told when it started', { ...own, started: null }, table, true],
    ['before the machine started anew', { ...own, boot: 'b0' }, table, false],
    ['of another machine', { ...own, host: 'c' }, table, undefined],
    ['of another container of this machine', { ...own, namespace: 'n2' }, table, undefined],
  ])('%s', (_, process, processes, answer) => {
    expect(stillRuns(process, processes)).toBe(answer);
  });

  it('is seen on this machine', async () => {
    expect(stillRuns(thisProcess())).toBe(true);
    const { pid = 0 } = spawnSync(process.execPath, ['-e', '']);
    expect(stillRuns({ ...thisProcess(), pid, started: null })).toBe(false);
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)']);
    const started = THIS_MACHINE.startOf(child.pid as number);
    const other = { ...thisProcess(), pid: child.pid as number, started };
    expect(stillRuns(other)).toBe(true);
    const ended = new Promise((done) => child.on('exit', done));
    child.kill('SIGKILL');
    await ended;
    expect(stillRuns(other)).toBe(false);
  });
});
