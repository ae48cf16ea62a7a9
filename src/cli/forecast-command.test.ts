import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type JsonSchema, violations } from '../support/json-schema.test-helper.js';
import { crl, file, folder } from './crl.test-helper.js';

const schema = JSON.parse(
  readFileSync(resolve(import.meta.dirname, '../../schemas/forecast.schema.json'), 'utf8'),
) as JsonSchema;

const single = file('single.csv', csv([...times(9, 'cat'), ...times(5, 'dog'), ...times(3, 'emu')]));
const several = file('several.csv', csv([...times(20, '0'), ...times(6, '0 1'), ...times(3, '1 2')]));

function times(count: number, label: string): string[] {
  return new Array<string>(count).fill(label);
}

function csv(labels: readonly string[]): string {
  return `Id,Target\n${labels.map((label, i) => `${i},${label}\n`).join('')}`;
}

/** The forecast as JSON, which follows its schema. */
function json(...args: string[]) {
  const { code, out, err } = crl(['forecast', ...args, '--json']);
  expect([code, err]).toEqual([0, '']);
  const document = JSON.parse(out);
  expect(violations(schema, document)).toEqual([]);
  return document;
}

describe('crl forecast', () => {
  it('prints a table, two lines of summary, and what would mend it', () => {
    const { code, out, err } = crl(['forecast', single, '--batch', '6', '--kappa', '2']);
    expect([code, err]).toEqual([0, '']);
    expect(out).toMatch(/│ emu +│ 3 +│ \d+\.\d % +│/);
    expect(out).toContain('Per batch of 6: ');
    expect(out).toContain('of batches have nothing to compare');
    expect(out).toContain('Minorities in half of the batches or more: ');
    expect(out).toContain('of κ = 2');
    expect(out).toContain('Exact, from 17 samples');
    expect(out).toContain('minority classes of the training set in half of the batches');
    expect(out).toContain('Class-aware batches of 6 with 2 samples per class mine');
  });

  it('says the same of counts, of a label file and of either encoding of one label each', () => {
    const [fromFile, fromCounts, asOne] = [
      json(single, '--batch', '6'),
      json('--counts', '9,5,3', '--batch', '6'),
      json(single, '--batch', '6', '--encoding', 'one-attribute'),
    ];
    const { classes, anchors, nothing } = fromFile;
    expect(classes.map(({ name, count }: { name: string; count: number }) => [name, count])).toEqual([
      ['cat', 9],
      ['dog', 5],
      ['emu', 3],
    ]);
    for (const other of [fromCounts, asOne]) expect(other).toMatchObject({ anchors, nothing, batches: 0 });
  });

  it('takes several labels as one attribute, unless each is to be an attribute of its own', () => {
    const one = json(several, '--batch', '8', '--seed', '5');
    expect(one).toMatchObject({ encoding: 'one-attribute', seed: 5 });
    expect(one.batches).toBeGreaterThan(0);
    const each = json(several, '--batch', '8', '--encoding', 'multi-label');
    expect(each.classes).toHaveLength(6);
    const { out } = crl(['forecast', several, '--batch', '8', '--encoding', 'multi-label']);
    expect(out).toMatch(/│ 2 +│ 3 +│/);
    expect(out).toMatch(/│ no 0 +│ 3 +│/);
    expect(json(several, '--batch', '8', '--sampler', 'class-aware', '--per-class', '2')).toMatchObject({
      sampler: { kind: 'class-aware', by: 'class', perClass: 2 },
    });
  });

  it('takes columns of attributes', () => {
    const shapes = file(
      'shapes.csv',
      'Id,colour,shape\na,red,round\nb,blue,square\nc,red,square\nd,red,round\n',
    );
    const { classes } = json(shapes, '--attributes', 'colour,shape', '--batch', '3');
    expect(classes.map(({ name }: { name: string }) => name)).toEqual([
      'colour=blue',
      'colour=red',
      'shape=round',
      'shape=square',
    ]);
  });

  it('lists some of many classes, and names those without a sample', () => {
    const many = crl([
      'forecast',
      '--counts',
      Array.from({ length: 90 }, (_, k) => 100 - k).join(','),
      '--batches',
      '50',
    ]);
    expect(many.out).toContain('40 of 90 classes, evenly spaced by size; --json has all');
    const { out } = crl(['forecast', several, '--classes', '5', '--batch', '4', '--batches', '50']);
    expect(out).toContain('No sample has these classes, which count in Ω: 3, 4');
  });

  it('says where no batch size would mine more', () => {
    const { out } = crl(['forecast', '--counts', '1,1,1', '--batch', '2']);
    expect(out).toContain(
      'No class is a minority of the whole training set, so larger batches would mine none.',
    );
    // two classes of which the larger holds more than half: only the smaller can be mined, in larger batches
    const { remedies } = json('--counts', '1000,10', '--batch', '8');
    expect(remedies.batchSize).toMatchObject({ classes: 1, wanted: 1, mined: 0, exact: true });
    expect(remedies.batchSize.batchSize).toBeGreaterThan(100);
  });

  it('draws a chart, of few classes and of many', () => {
    for (const counts of ['9,5,3', Array.from({ length: 90 }, (_, k) => 100 - k).join(',')]) {
      const { code, out } = crl([
        'forecast',
        '--counts',
        counts,
        '--batch',
        '8',
        '--chart',
        'chart.svg',
        '--batches',
        '50',
      ]);
      expect(code).toBe(0);
      expect(out).toContain('In chart.svg: ');
      const svg = readFileSync(join(folder, 'chart.svg'), 'utf8');
      expect(svg).toMatch(/^<svg /);
      expect(svg).toContain('surviving minority');
    }
  });

  it.each([
    [[], 'crl forecast: expected a label file, or --counts such as 500,50,5'],
    [[single, '--counts', '1,2'], '--counts: expected none together with a label file'],
    [
      [single, '--batch', '18'],
      '--batch: expected an integer from 1 to 17, the samples of the training set, got 18',
    ],
    [[single, '--batch', '6', '--rho', '0'], '--rho: expected a number in (0, 1], got 0'],
    [[single, '--batch', '6', '--per-class', '2'], '--per-class: expected none with sampler plain, got 2'],
    [
      [single, '--batch', '6', '--encoding', 'hot'],
      '--encoding: expected categorical | multi-label | one-attribute',
    ],
    [[several, '--encoding', 'categorical'], 'expected one label'],
    [[single, '--batch', '6', '--chart', 'chart.png'], '--chart: expected a file that ends in .svg'],
    [[single, '--classes', 'two'], '--classes: expected a number of classes, or a JSON list of names'],
    [['--counts', '3,x'], 'expected whole numbers separated by commas, got 3,x'],
    [['missing.csv'], 'missing.csv: expected a label file that can be read'],
    [[single, '--sampler', 'even'], 'Allowed choices are plain, class-aware'],
  ])('refuses %j', (args, message) => {
    const { code, out, err } = crl(['forecast', ...args]);
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(message);
    expect(err).not.toContain('unexpected');
    expect(existsSync(join(folder, 'chart.png'))).toBe(false);
  });
});
