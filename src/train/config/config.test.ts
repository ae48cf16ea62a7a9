import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readDataConfig, readTrainConfig, readTrainConfigs } from './config.js';
import { LOSS_NAMES } from './loss-config.js';
import { ConfigError } from './problems.js';
import { readRawConfig, type TrainFlags } from './raw-config.js';

const here = import.meta.filename;
const there = import.meta.dirname;
const channels = { kind: 'channels', labels: here, folder: there, size: 32 };
const digits = { data: 'digits', out: 'x' };

/** Paths and expectations of all mistakes. */
function mistakes(given: unknown): string[] {
  try {
    readTrainConfig(given);
  } catch (error) {
    return (error as ConfigError).problems.map(({ path, expected, got }) => `${path}: ${expected}: ${got}`);
  }
  return [];
}

describe('a config', () => {
  it('is completed with defaults, kinds by their names alone', () => {
    expect(readTrainConfig({ ...digits, loss: 'ce', schedule: 'cosine' })).toMatchObject({
      data: { kind: 'digits', ratio: 100, normalise: false },
      model: { kind: 'conv', filters: [8, 16] },
      loss: { kind: 'ce' },
      engine: 'wasm',
      schedule: { kind: 'cosine', warmUp: 0 },
      seed: 0,
    });
    const normalised = readTrainConfig({ ...digits, postHoc: 'tau-normalised' });
    expect(normalised.postHoc).toEqual({ kind: 'tau-normalised', tau: 1 });
  });

  it('has no option of a loss that has none', () => {
    expect(mistakes({ ...digits, loss: { kind: 'ce', anchors: 'easy' } })).toEqual([
      'loss.anchors: no field beside kind: "anchors"',
    ]);
  });

  it('is what it is read from, once more', () => {
    const config = readTrainConfig({ ...digits, loss: { kind: 'crl', rho: 0.4 } });
    expect(readTrainConfig(JSON.parse(JSON.stringify(config)))).toEqual(config);
  });

  it('keeps the files of a run out of the folders of classes, where they would become a class', () => {
    const folders = (out: string, more: object = {}) =>
      mistakes({ data: { kind: 'folders', folder: there, size: 32, ...more }, out });
    const expected = (folder: string, out: string) => [
      `out: a folder outside the folder of classes ${folder}: ${JSON.stringify(out)}`,
    ];
    const inside = join(there, 'runs', 'first');
    for (const out of [there, inside]) expect(folders(out)).toEqual(expected(there, out));
    const parent = join(there, '..');
    const beside = join(parent, 'models', 'x');
    expect(folders(beside, { validation: join(parent, 'models') })).toEqual(
      expected(join(parent, 'models'), beside),
    );
    for (const out of [parent, beside, join(parent, 'config-runs'), 'x']) expect(folders(out)).toEqual([]);
    expect(mistakes({ data: channels, out: inside })).toEqual([]);
  });

  it.each([...LOSS_NAMES])('knows the loss %s', (loss) => {
    expect(readTrainConfig({ ...digits, loss }).loss.kind).toBe(loss);
  });

  it('is refused with all its mistakes, each with its path', () => {
    const bad = {
      data: { kind: 'folders', folder: 'nowhere', size: 4.5, colour: 1 },
      model: { kind: 'conv', filters: [8, 0] },
      loss: { kind: 'crl', kappa: 1.5, rho: 2, margin: -1, comparison: 'odd' },
      epochs: '3',
      out: '',
    };
    expect(mistakes(bad)).toEqual([
      'data.colour: one of kind, folder, channels, validation, test, size, skipBad, allowEmpty, bits, cache, augment, shift, normalise: "colour"',
      'data.folder: an existing folder: "nowhere"',
      'data.size: a whole number ≥ 8: 4.5',
      'model.filters[1]: a whole number ≥ 1: 0',
      'loss.comparison: relative | absolute | distribution: "odd"',
      'loss.rho: a number in (0, 1]: 2',
      'loss.kappa: an integer ≥ 1: 1.5',
      'loss.margin: a finite number ≥ 0: -1',
      'epochs: a whole number ≥ 1: "3"',
      'out: text: ""',
    ]);
    expect(mistakes({ out: 'x' })).toEqual(['data: channels | folders | digits: nothing']);
    expect(mistakes([])).toEqual(['config: an object: []']);
  });

  it.each([
    [{ loss: { kind: 'focal', gamma: -1 } }, 'loss.gamma: a finite number ≥ 0: -1'],
    [{ loss: { kind: 'class-balanced', beta: 1 } }, 'loss.beta: a number in [0, 1): 1'],
    [{ loss: { kind: 'logit-adjusted', tau: -1 } }, 'loss.tau: a number from 0 to 1000: -1'],
    [{ postHoc: { kind: 'tau-normalised', tau: 11 } }, 'postHoc.tau: a number from 0 to 10: 11'],
    [{ loss: { kind: 'ldam', scale: 0 } }, 'loss.scale: a finite number > 0: 0'],
    [{ loss: { kind: 'crl', eta: -1 } }, 'loss.eta: a finite number ≥ 0: -1'],
    [{ loss: { kind: 'crl', alpha: 2 } }, 'loss.alpha: a number in [0, 1]: 2'],
    [
      { loss: { kind: 'crl', alpha: 'half' } },
      'loss.alpha: a number in [0, 1], a line { from, to, epochs }, or { kind: \'dcl\' }: "half"',
    ],
    [{ loss: { kind: 'crl', alpha: { kind: 'line' } } }, 'loss.alpha.kind: dcl: "line"'],
    [{ loss: { kind: 'crl', alpha: { from: 0, to: 1 } } }, 'loss.alpha.epochs: epochs > 0: nothing'],
    [{ loss: { kind: 'crl', alpha: { kind: 'dcl', until: 2 } } }, 'loss.alpha.until: a number in [0, 1]: 2'],
    [
      { loss: { kind: 'crl', alpha: { kind: 'dcl', floor: -1 } } },
      'loss.alpha.floor: a finite number ≥ 0: -1',
    ],
    [{ loss: { kind: 'crl', alpha: { kind: 'dcl', epochs: 0 } } }, 'loss.alpha.epochs: epochs > 0: 0'],
    [{ loss: { kind: 'crl', alpha: 'dcl', eta: 1 } }, 'loss.eta: no value together with alpha: 1'],
    [{ loss: { kind: 'crl', alpha: 0.1, eta: 1 } }, 'loss.eta: no value together with alpha: 1'],
    [
      { loss: { kind: 'crl', imbalance: 'odd' } },
      'loss.imbalance: shortfall | transport | ratio | a number: "odd"',
    ],
    [{ loss: { kind: 'crl', features: 'dense' } }, 'loss.features: none at class level: "dense"'],
    [{ sampling: { kind: 'class-aware', perClass: 40 } }, 'sampling.perClass: at most batchSize, 32: 40'],
    [{ schedule: { kind: 'cosine', warmUp: 11 } }, 'schedule.warmUp: at most epochs, 10: 11'],
    [{ optimizer: 'adam' }, /^optimizer: one of .*optimiser.* \(did you mean optimiser\?\): "optimizer"$/],
    [{ data: { kind: 'digits', shift: 1 } }, 'data.shift: no value unless augment is shift: 1'],
    [{ data: { kind: 'digits', augment: 'shift', shift: -1 } }, 'data.shift: a whole number ≥ 0: -1'],
    [{ postHoc: { kind: 'retrained', epochs: 0 } }, 'postHoc.epochs: a whole number ≥ 1: 0'],
    [{ engine: 'abacus' }, 'engine: cpu | wasm | tensorflow | tensorflow-gpu | webgpu | webgl: "abacus"'],
  ])('%j is a mistake', (more, mistake) => {
    const expected = typeof mistake === 'string' ? mistake : expect.stringMatching(mistake);
    expect(mistakes({ ...digits, ...more })).toEqual([expected]);
  });

  it('whose shares leave nothing to train on is refused', () => {
    expect(mistakes({ ...digits, data: { ...channels, validation: 0.6, test: 0.4 } })[0]).toContain(
      'with a sum below 1',
    );
    expect(mistakes({ ...digits, data: { ...channels, validation: 0.6, test: here } })).toEqual([]);
  });

  it('among several has the mistakes of all', () => {
    const bad = { ...digits, epochs: 0 };
    const read = () =>
      readTrainConfigs([
        { config: digits, path: 'a' },
        { config: bad, path: 'b' },
        { config: {}, path: 'c' },
      ]);
    expect(read).toThrow(ConfigError);
    expect(read).toThrow(
      '3 mistakes in the config\n  b.epochs: expected a whole number ≥ 1, got 0\n  c.data:',
    );
  });
});

describe('an option of a default', () => {
  it.each([
    ['loss.kappa=5', { loss: { kind: 'crl', level: 'class', kappa: 5 } }],
    ['model.hidden=0', { model: { kind: 'conv', filters: [8, 16], hidden: 0 } }],
    ['schedule.warmUp=1', { schedule: { kind: 'constant', warmUp: 1 } }],
    ['optimiser.weightDecay=0.1', { optimiser: { kind: 'adam', weightDecay: 0.1 } }],
  ])('needs no kind: %s', (set, expected) => {
    expect(readTrainConfig({ ...readRawConfig(undefined, { set: [set] }), ...digits })).toMatchObject(
      expected,
    );
  });

  it('of another kind is refused', () => {
    expect(mistakes({ ...digits, sampling: { perClass: 2 } })[0]).toBe(
      'sampling.perClass: no field beside kind: "perClass"',
    );
    expect(mistakes({ ...digits, loss: [] })[0]).toContain('loss.kind: crl | ce');
  });
});

describe('the flags of data', () => {
  const data = (flags: TrainFlags) => readRawConfig(undefined, flags).data;

  it('are text where a folder or a column may look like a number', () => {
    expect(data({ folder: '2024', idColumn: '1', validation: '0.1', set: ['data.labels=7'] })).toEqual({
      kind: 'channels',
      folder: '2024',
      idColumn: '1',
      validation: 0.1,
      labels: '7',
    });
    expect(readRawConfig(undefined, { out: '5' }).out).toBe('5');
    // what is not a share names a folder
    const top = mkdtempSync(join(tmpdir(), 'config-'));
    const before = process.cwd();
    try {
      process.chdir(top);
      mkdirSync('2024');
      const given = { folder: '2024', size: '8', validation: '2024', test: '0.5' };
      const { data } = readDataConfig(readRawConfig(undefined, given));
      expect(data).toMatchObject({ folder: '2024', validation: '2024', test: 0.5 });
    } finally {
      process.chdir(before);
      rmSync(top, { recursive: true });
    }
  });

  it('separate names by commas, and keep a number of channels', () => {
    expect(data({ labels: 'l', channels: 'red, green', attributes: 'a,b', separator: '|' })).toMatchObject({
      channels: ['red', 'green'],
      attributes: ['a', 'b'],
      separator: '|',
    });
    expect(data({ folder: 'f', channels: '1' })).toMatchObject({ kind: 'folders', channels: 1 });
    expect(data({ labels: 'l', channels: '["red"]', classes: '["a b"]' })).toMatchObject({
      channels: ['red'],
      classes: ['a b'],
    });
  });

  it('are read from a file that begins with a byte order mark', () => {
    const file = join(mkdtempSync(join(tmpdir(), 'config-')), 'config.json');
    writeFileSync(file, `\ufeff${JSON.stringify(digits)}`);
    expect(readRawConfig(file, {})).toEqual(digits);
  });
});

describe('flags', () => {
  it('go where they belong, and tell the layout', () => {
    const flags = {
      labels: 'l.csv',
      folder: 'f',
      size: '64',
      epochs: '3',
      eta: '0.2',
      set: ['loss.kappa=5', 'data.test=t.csv'],
    };
    expect(readRawConfig(undefined, flags)).toEqual({
      data: { kind: 'channels', labels: 'l.csv', folder: 'f', size: 64, test: 't.csv' },
      loss: { kind: 'crl', eta: 0.2, kappa: 5 },
      epochs: 3,
    });
    expect(readRawConfig(undefined, { folder: 'f', model: 'm/model.json' })).toEqual({
      data: { kind: 'folders', folder: 'f' },
      model: { kind: 'file', file: 'm/model.json' },
    });
  });

  it('that are no path=value are refused', () => {
    expect(() => readRawConfig(undefined, { set: ['kappa'] })).toThrow('--set: expected path=value');
    expect(() => readRawConfig('nowhere.json', {})).toThrow(
      'config: expected an existing file, got "nowhere.json"',
    );
    expect(() => readRawConfig(here, {})).toThrow('config: expected JSON');
  });

  it('among several tells once what all have wrong', () => {
    const bad = (more: object) => ({ ...digits, batchSize: 1, ...more });
    const read = (...configs: object[]) =>
      readTrainConfigs(configs.map((config, at) => ({ config, path: `runs[${at}]` })));
    const told = (...configs: object[]) => {
      try {
        read(...configs);
      } catch (error) {
        return (error as ConfigError).problems.map(({ path }) => path);
      }
      return [];
    };
    expect(told(bad({}), bad({ epochs: 0 }))).toEqual(['batchSize', 'runs[1].epochs']);
    // the same place, but not the same mistake
    expect(told(bad({}), bad({ batchSize: 0 }))).toEqual(['runs[0].batchSize', 'runs[1].batchSize']);
  });
});
