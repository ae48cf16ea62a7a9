import { spawn } from 'node:child_process';
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, it } from 'vitest';
import { crl, file, folder } from './crl.test-helper.js';

const BACKEND = `import { referenceBackend } from 'class-rectification/backends/reference';
import { negatives } from './order.js';
const right = referenceBackend();
export default { ...right, name: 'odd', mineHardSamples: (batch, selection, options) => {
  const { anchors } = right.mineHardSamples(batch, selection, options);
  return { anchors: anchors.map((a) => ({ ...a, negatives: negatives(a) })) };
} };`;
const order = (body: string) => file('order.ts', `export const negatives = (a) => ${body};`);
const ARGS = ['--runs', '20', '--seed', '1', '--property', 'minority-paired', 'mining-agrees'];

it('crl verify --watch judges again when an imported file changes, failed properties first, until Ctrl-C', async () => {
  order('[...a.negatives].reverse()');
  const program = resolve(import.meta.dirname, '../../dist/src/cli/crl.js');
  const args = ['verify', '--backend', file('watched.ts', BACKEND), '--watch', ...ARGS];
  const child = spawn(process.execPath, [program, ...args], { cwd: folder });
  let shown = '';
  let look = () => {};
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      shown += text;
      look();
    });
  }
  const shows = (pattern: RegExp) =>
    new Promise<void>((done) => {
      look = () => {
        if (pattern.test(shown)) done();
      };
      look();
    });
  /** Writes the file until the command has shown the pattern: some systems drop an event on a folder that is new. */
  const until = async (pattern: RegExp, body: string) => {
    let wait = 10_000; // longer each time, since a change ends the run that is under way
    const write = () => {
      order(body);
      wait *= 2;
      again = setTimeout(write, wait);
    };
    let again = setTimeout(write, wait);
    await shows(pattern);
    clearTimeout(again);
  };
  const step = async (body: string, pattern: RegExp) => {
    shown = '';
    order(body);
    await until(pattern, body);
  };
  await until(/odd FAILED(.|\n)*Waiting for watched\.ts/, '[...a.negatives].reverse()');
  await step('a.negatives', /order\.ts changed(.|\n)*odd PASSED(.|\n)*Waiting for/);
  await step('a.negatives )(', /crl: backend watched\.ts does not load(.|\n)*Waiting for/); // no longer a module
  await step('a.negatives.slice()', /odd PASSED/);
  shown = '';
  rmSync(join(folder, 'order.ts')); // as an editor does that writes a file anew
  await shows(/does not load(.|\n)*Waiting for/);
  await step('a.negatives', /order\.ts changed(.|\n)*odd PASSED/);
  shown = '';
  rmSync(join(folder, 'watched.ts'));
  file('watched.ts', 'export default { get name() { throw null } };'); // not an error that anybody expects
  await shows(/crl: (.|\n)*Waiting for/);
  shown = '';
  file('watched.ts', BACKEND);
  await shows(/odd PASSED(.|\n)*Waiting for/);
  const ended = new Promise<number | null>((done) => child.once('close', done));
  child.kill('SIGINT');
  expect(await ended).toBe(130);
});

it('crl verify --watch needs a file to watch', () => {
  const { code, err } = crl(['verify', '--backend', 'host', '--watch']);
  expect([code, err]).toEqual([
    2,
    expect.stringContaining('--watch: expected --backend FILE, the file to watch'),
  ]);
});
