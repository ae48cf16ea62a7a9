import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type WrittenAtlas, writeAtlas } from '../data/index.js';
import { readLabelFile } from '../data/label-file.js';
import type { Comparison } from '../train/compare.js';
import { RunFolder } from '../train/run-folder.js';
import { crl, file, folder } from './crl.test-helper.js';

let atlas: WrittenAtlas;

const CONFIG = {
  data: {
    kind: 'channels',
    labels: 'atlas/train.csv',
    folder: 'atlas/train',
    classes: 28,
    size: 16,
    augment: 'crop',
    test: 0.2,
  },
  model: { kind: 'conv', filters: [4], hidden: 0 },
  loss: { kind: 'crl', eta: 0.2 },
  batchSize: 6,
  epochs: 4,
  seed: 3,
};

const run = (name: string) => new RunFolder(join(folder, name));
const withoutTimes = (name: string) => run(name).lines.map(({ seconds: _, ...line }) => line);
const weights = (name: string) => readFileSync(run(name).file('weights.bin')).toString('base64');

beforeAll(async () => {
  atlas = await writeAtlas({ out: join(folder, 'atlas'), images: 24, size: 32, seed: 1 });
  file('config.json', JSON.stringify(CONFIG));
});

/** Kills its own program as soon as the first checkpoint is in place: from outside it might be too late. */
const KILLING = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { renameSync } = fs;
fs.renameSync = (from, to) => {
  renameSync(from, to);
  if (String(to).endsWith('checkpoint.bin')) process.kill(process.pid, 'SIGKILL');
};
syncBuiltinESMExports();`;

/** Fills the disk as soon as the first checkpoint is in place. */
const FILLING = `
import fs from 'node:fs';
import { syncBuiltinESMExports } from 'node:module';
const { renameSync, writeSync } = fs;
let full = false;
fs.renameSync = (from, to) => {
  renameSync(from, to);
  full ||= String(to).endsWith('checkpoint.bin');
};
fs.writeSync = (...args) => {
  if (full) throw Object.assign(new Error('ENOSPC: no space left on device, write'), { code: 'ENOSPC' });
  return writeSync(...args);
};
syncBuiltinESMExports();`;

/** Runs the command with a module loaded before it. */
function crlWith(module: string, args: string[]) {
  const program = resolve(import.meta.dirname, '../../dist/src/cli/crl.js');
  const preload = `data:text/javascript,${encodeURIComponent(module)}`;
  const options = { cwd: folder, encoding: 'utf8' } as const;
  return spawnSync(process.execPath, ['--import', preload, program, ...args], options);
}

/** Trains until the first checkpoint is there, and is killed. */
function killed(args: string[]): void {
  expect(crlWith(KILLING, args).signal).toBe('SIGKILL');
}

/** Starts a command, and waits for a file of it. */
async function started(args: string[], file: string) {
  const program = resolve(import.meta.dirname, '../../dist/src/cli/crl.js');
  const child = spawn(process.execPath, [program, ...args], {
    cwd: folder,
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  let err = '';
  child.stderr.on('data', (text) => {
    err += text;
  });
  const ended = new Promise<number | null>((done) => child.on('exit', done));
  while (child.exitCode === null && !existsSync(join(folder, file)))
    await new Promise((done) => setTimeout(done, 5));
  return {
    /** Sends a signal, and waits for the end. */
    stop: async (signal: NodeJS.Signals) => {
      child.kill(signal);
      return { code: await ended, err };
    },
  };
}

/** More epochs than any test waits for. */
const ENDLESS = ['--epochs', '1000000'];

describe('crl train, test and compare, on a synthetic atlas', () => {
  it('trains, and resumes a killed run with bit-identical results', async () => {
    const whole = crl(['train', 'config.json', '--out', 'whole']);
    expect([whole.code, whole.err]).toEqual([0, expect.stringContaining('epoch 4/4: loss')]);
    expect(whole.out).toContain('mAP');
    // what CRL should find is said before the first step
    expect(whole.err).toMatch(
      /Per batch of \d+: .*\nMinorities in half of the batches or more: .*\n.*epoch 1\/4/,
    );
    expect(run('whole').facts.forecast?.summary.every((line) => whole.err.includes(line))).toBe(true);
    killed(['train', 'config.json', '--out', 'cut']);
    expect(run('cut').result).toBeUndefined();
    const rest = crl(['train', 'config.json', '--out', 'cut', '--no-report']);
    expect(rest.err).toMatch(/Resuming after epoch [123]\n/);
    expect(withoutTimes('cut')).toEqual(withoutTimes('whole'));
    expect(weights('cut')).toBe(weights('whole'));
    expect(existsSync(run('cut').file('report.html'))).toBe(false);
  });

  it('ends on a full disk with the path and the size, and loses nothing', () => {
    const args = ['train', 'config.json', '--no-report', '--out', 'full'];
    const { status, stderr } = crlWith(FILLING, args);
    expect([status, stderr]).toEqual([
      2,
      expect.stringMatching(
        /^crl: full\/metrics\.jsonl: could not write [\d,]+ bytes: no space is left on the disk/m,
      ),
    ]);
    expect(run('full').lines.length).toBe(1);
    expect(crl(args).err).toContain('Resuming after epoch 1');
    expect(withoutTimes('full')).toEqual(withoutTimes('whole'));
    expect(weights('full')).toBe(weights('whole'));
  });

  it.each([
    ['SIGTERM', 143],
    ['SIGINT', 130],
    ['SIGHUP', 129],
  ] as const)('stops on %s with a checkpoint and exit code %i', async (signal, code) => {
    const args = ['train', 'config.json', '--no-report', '--out', signal];
    const ended = await (await started([...args, ...ENDLESS], join(signal, 'checkpoint.bin'))).stop(signal);
    expect([ended.code, ended.err]).toEqual([
      code,
      expect.stringMatching(/crl: stopped in epoch \d+ after step/),
    ]);
    expect(run(signal).files).not.toContain('lock.json');
  });

  it('resumes a run that a signal stopped with bit-identical results', () => {
    const epochs = String(run('SIGTERM').lines.length + 1);
    const args = ['train', 'config.json', '--no-report', '--epochs', epochs, '--out'];
    const rest = crl([...args, 'SIGTERM']);
    expect([rest.code, rest.err]).toEqual([0, expect.stringMatching(/^Resuming (in|after) epoch/m)]);
    crl([...args, 'not-stopped']);
    expect(withoutTimes('SIGTERM')).toEqual(withoutTimes('not-stopped'));
    expect(weights('SIGTERM')).toBe(weights('not-stopped'));
  });

  it('refuses a second run, and a second comparison, in a folder while the first lives', async () => {
    const train = ['train', 'config.json', ...ENDLESS, '--out', 'busy'];
    const compare = ['compare', 'config.json', '--losses', 'ce,crl', ...ENDLESS, '--out', 'busy-too'];
    for (const [args, checkpoint] of [
      [train, 'busy/checkpoint.bin'],
      [compare, 'busy-too/ce/seed-3/checkpoint.bin'],
    ] as const) {
      const first = await started([...args], checkpoint);
      expect(crl([...args])).toMatchObject({ code: 2, err: expect.stringContaining('in use by process') });
      expect((await first.stop('SIGINT')).code).toBe(130);
    }
  });

  it('writes a report that needs nothing else', () => {
    const page = readFileSync(run('whole').file('report.html'), 'utf8');
    const captions = [...page.matchAll(/<figcaption>(.*?)<\/figcaption>/g)].map(([, caption]) => caption);
    expect(page).toContain('share of steps with nothing to compare');
    expect(captions).toEqual([
      'Losses',
      'Validation: mAP',
      'Recall against class size (test)',
      'Average precision by label (test)',
      'Share of steps in which each class was a surviving minority (the line: its forecast)',
    ]);
    expect(page).not.toMatch(/<script|(src|href)="(?!data:)/);
  });

  it('predicts its test set, a label file and a folder, with thresholds or one', async () => {
    expect(crl(['test', 'whole', '--metrics', 'metrics.json']).out).toContain('mAP');
    const own = JSON.parse(readFileSync(join(folder, 'metrics.json'), 'utf8'));
    expect(own).toEqual(run('whole').result?.test);

    const named = crl([
      'test',
      'whole',
      '--labels',
      'atlas/train.csv',
      '--out',
      'named.csv',
      '--threshold',
      '0',
    ]);
    expect([named.code, named.out]).toEqual([0, expect.stringContaining('24 predictions')]);
    const options = { targetColumn: 'Predicted', classes: 28 };
    const { rows } = await readLabelFile(join(folder, 'named.csv'), options);
    expect(rows.every(({ labels }) => labels.length === 28)).toBe(true);

    const bare = crl(['test', 'whole', '--folder', 'atlas/train', '--out', 'bare.csv']);
    expect(bare.out).not.toContain('mAP');
    const { rows: all } = await readLabelFile(join(folder, 'bare.csv'), { ...options, allowEmpty: true });
    expect(all.length).toBe(24);
  });

  it('leaves broken images out where it is told to, and stops without', () => {
    const labels = readFileSync(atlas.labelFile, 'utf8').trimEnd();
    writeFileSync(join(folder, 'more.csv'), `${labels}\nnobody,0\n`);
    const args = ['config.json', '--labels', 'more.csv', '--epochs', '1', '--no-report'];
    const stopped = crl(['train', ...args, '--out', 'stopped']);
    expect([stopped.code, stopped.err]).toEqual([
      2,
      expect.stringContaining('nobody_red.png: expected an image'),
    ]);
    // no epoch was done, so that its folder takes another config
    const skipped = crl(['train', ...args, '--out', 'stopped', '--skip-bad']);
    expect([skipped.code, skipped.err]).toEqual([0, expect.stringContaining('labelled in more.csv:26')]);
    expect(run('stopped').facts.skipped.length).toBe(1);
  });

  it('compares, and trains no run twice', () => {
    const args = [
      'compare',
      'config.json',
      '--losses',
      'ce,crl',
      '--seeds',
      '2',
      '--epochs',
      '1',
      '--no-report',
    ];
    const first = crl([...args, '--out', 'compared']);
    expect([first.code, first.err.match(/epoch 1\/1/g)?.length]).toEqual([0, 4]);
    const found = () => readFileSync(join(folder, 'compared/comparison.json'), 'utf8');
    const comparison = JSON.parse(found()) as Comparison;
    expect(comparison.entries.map(({ name }) => name)).toEqual(['ce', 'crl']);
    expect([comparison.on, comparison.seeds]).toEqual(['test', [3, 4]]);
    expect(readFileSync(join(folder, 'compared/comparison.md'), 'utf8')).toContain('| minus ce |');
    const before = found();
    rmSync(run('compared/crl/seed-4').path, { recursive: true });
    const again = crl([...args, '--out', 'compared']);
    expect(again.err.match(/epoch 1\/1/g)?.length).toBe(1);
    // the run that was lost gives what it gave, but for its time
    const metrics = (text: string) =>
      (JSON.parse(text) as Comparison).entries.map(({ seconds: _, ...entry }) => entry);
    expect(metrics(found())).toEqual(metrics(before));
  });

  it('compares the others where the loss of a run becomes NaN or infinite, and says which it was', () => {
    const runs = [
      { name: 'wild', loss: 'focal', learningRate: 1e38, model: { kind: 'conv', filters: [4], hidden: 8 } },
      { name: 'good', loss: 'ce' },
    ];
    file('wild.json', JSON.stringify({ ...CONFIG, epochs: 1, runs, seeds: 1, out: 'wild' }));
    const found = crl(['compare', 'wild.json', '--no-report']);
    expect([found.code, found.err]).toEqual([
      1,
      expect.stringContaining('crl: wild, seed 3: epoch 1: expected finite numbers'),
    ]);
    expect(found.out).toContain('good');
    const comparison = JSON.parse(readFileSync(join(folder, 'wild/comparison.json'), 'utf8')) as Comparison;
    expect(comparison.diverged).toMatchObject([{ name: 'wild', seed: 3 }]);
  });

  it('could not run: an option that none of the losses compared has', () => {
    const args = ['--digits', '100', '--losses', 'ce,ldam', '--eta', '0.2', '--out', 'no'];
    expect(crl(['compare', ...args])).toMatchObject({
      code: 2,
      err: expect.stringContaining('loss.eta: expected an option that one of the losses has'),
    });
  });

  it('could not run: mistakes in the config, all at once, each with its path', () => {
    const { code, err } = crl([
      'train',
      'config.json',
      '--set',
      'loss.kappa=0',
      '--optimiser',
      'none',
      '--out',
      'no',
    ]);
    expect(code).toBe(2);
    expect(err).toContain('2 mistakes in the config');
    expect(err).toContain('loss.kappa: expected an integer ≥ 1, got 0');
    expect(err).toContain('optimiser.kind: expected sgd | momentum | adam, got "none"');
    expect(existsSync(join(folder, 'no'))).toBe(false);
  });

  it('could not run: a folder with the config.json of somebody else, and does not say that it stopped', () => {
    mkdirSync(join(folder, 'theirs'));
    writeFileSync(join(folder, 'theirs', 'config.json'), '{}');
    const { code, err } = crl(['train', 'config.json', '--out', 'theirs']);
    expect(code).toBe(2);
    expect(err).toMatch(/^crl: /);
    expect(err).not.toContain('Stopped');
  });

  it('could not run: a run that is not there, or is not finished', () => {
    expect(crl(['test', 'nowhere'])).toMatchObject({
      code: 2,
      err: expect.stringContaining('run nowhere: expected a run'),
    });
  });
});
