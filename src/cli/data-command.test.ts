import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import sharp from 'sharp';
import { beforeAll, describe, expect, it } from 'vitest';
import { crl, file, folder } from './crl.test-helper.js';

const SIZES = { cat: 6, 'golden retriever': 10 };

beforeAll(async () => {
  const background = { r: 200, g: 10, b: 40 };
  const image = await sharp({ create: { width: 9, height: 8, channels: 3, background } })
    .png()
    .toBuffer();
  for (const [name, count] of Object.entries(SIZES)) {
    mkdirSync(join(folder, '2024', name), { recursive: true });
    for (let i = 0; i < count; i++) writeFileSync(join(folder, '2024', name, `${i}.png`), image);
  }
  writeFileSync(join(folder, '2024', 'read.me'), '');
});

describe('crl data check', () => {
  it('says what is in a folder of classes, whose name may be a number', () => {
    const { code, out, err } = crl(['data', 'check', '--folder', '2024', '--size', '8']);
    expect([code, err]).toEqual([0, 'Checked 16 images\n']);
    expect(out).toContain('2 classes, categorical');
    expect(out).toContain('Training images per class: golden retriever 8, cat 5');
    expect(out).toContain('Images are read as 8×8 with 3 channels');
    expect(out).toContain('2024/read.me');
  });

  it('lists every image and every line that cannot be used, and exits 1', () => {
    const bad = ['cat/a.png', 'golden retriever/b.png'].map((name) => join(folder, '2024', name));
    for (const path of bad) writeFileSync(path, 'no image');
    const check = crl(['data', 'check', '--folder', '2024', '--size', '8']);
    expect(check.code).toBe(1);
    for (const path of bad) expect(check.err).toContain(path.slice(folder.length + 1));
    // a training finds them before its first step
    const train = crl(['train', '--folder', '2024', '--size', '8', '--out', 'never']);
    expect([train.code, train.err.includes('epoch 1')]).toEqual([2, false]);
    for (const path of bad) expect(train.err).toContain(path.slice(folder.length + 1));
    const skipped = crl(['data', 'check', '--folder', '2024', '--size', '8', '--skip-bad']);
    expect([skipped.code, skipped.out.includes('Left out:')]).toEqual([1, true]);
    for (const path of bad) rmSync(path);
    file('bad.csv', 'Id,Target\na,0|1\nb\nc,1\n');
    const labels = crl(['data', 'check', '--labels', 'bad.csv', '--folder', '2024', '--size', '8']);
    expect(labels.code).toBe(1);
    expect(labels.err).toContain('bad.csv:2: expected labels separated by spaces');
    expect(labels.err).toContain('bad.csv:3: expected 2 fields');
  });

  it('needs no more of a config than its data, and refuses the mistakes in them', () => {
    file('data.json', JSON.stringify({ data: { kind: 'folders', folder: '2024', size: 4 }, epochs: 'many' }));
    const { code, err } = crl(['data', 'check', 'data.json']);
    expect([code, err]).toEqual([2, 'crl: data.size: expected a whole number ≥ 8, got 4\n']);
  });
});

describe('crl train on a folder of classes', () => {
  it('checks images once, unless it is told not to, and its run can be tested', () => {
    const flags = ['--folder', '2024', '--size', '8', '--epochs', '1', '--batch-size', '4', '--no-report'];
    const small = ['--set', 'model.filters=[2]', '--set', 'model.hidden=0', '--augment', 'flip'];
    const trained = crl(['train', ...flags, ...small, '--out', 'run']);
    expect([trained.code, trained.err.includes('Checked 16 images')]).toEqual([0, true]);
    const unchecked = crl(['train', ...flags, ...small, '--no-check', '--out', 'unchecked']);
    expect([unchecked.code, unchecked.err.includes('Checked')]).toEqual([0, false]);
    expect(crl(['test', 'run', '--out', 'predictions.csv']).code).toBe(0);
  });
});

describe('crl compare', () => {
  it('checks the images once for all runs on them', () => {
    const flags = ['--folder', '2024', '--size', '8', '--epochs', '1', '--batch-size', '4', '--no-report'];
    const small = ['--set', 'model.filters=[2]', '--set', 'model.hidden=0', '--out', 'both'];
    const { code, err } = crl(['compare', '--losses', 'ce,crl', '--seeds', '2', ...flags, ...small]);
    expect([code, err.match(/Checked \d+ images/g)]).toEqual([0, ['Checked 16 images']]);
  });
});

describe('JSON that an editor of Windows wrote', () => {
  it('may begin with a byte order mark: a config, a document to explain, known failures', () => {
    const mark = '\ufeff';
    file('marked.json', mark + JSON.stringify({ data: { kind: 'folders', folder: '2024', size: 8 } }));
    expect(crl(['data', 'check', 'marked.json']).code).toBe(0);
    const utf16 = join(folder, 'utf16.json');
    writeFileSync(utf16, Buffer.from(`${mark}{}`, 'utf16le'));
    expect(crl(['data', 'check', utf16]).err).toContain('save it as UTF-8');
    const batch = {
      attributes: [2],
      labels: [[0], [1]],
      scores: [
        [0.2, 0.8],
        [0.6, 0.4],
      ],
    };
    file('batch.json', `${mark}${JSON.stringify(batch)}\n`);
    expect(crl(['explain', 'batch.json']).code).toBe(0);
    file('known.json', `${mark}[{ "id": 7 }]`);
    expect(crl(['verify', '--known', 'known.json']).err).toContain('id');
  });
});
