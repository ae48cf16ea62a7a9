import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { watchFiles } from './file-watch.js';

const folder = mkdtempSync(join(tmpdir(), 'watch-'));
afterAll(() => rmSync(folder, { recursive: true }));
const file = (name: string) => join(folder, name);

describe('a watch over files', () => {
  it('tells a file that is written, and one that another replaces, but no other file of the folder', async () => {
    for (const name of ['own.ts', 'part.ts']) writeFileSync(file(name), '1');
    const first = watchFiles([file('own.ts'), file('part.ts')]);
    writeFileSync(file('report.json'), '{}');
    writeFileSync(file('part.ts'), '2');
    expect(await first.changed).toBe(file('part.ts'));
    first.close();
    const second = watchFiles([file('own.ts')]);
    writeFileSync(file('own.ts.new'), '2');
    renameSync(file('own.ts.new'), file('own.ts'));
    expect(await second.changed).toBe(file('own.ts'));
    second.close();
  });
});

it.runIf(process.platform === 'linux')('tells that a folder was removed, and that it came back', async () => {
  const inner = join(folder, 'inner/parts');
  mkdirSync(inner, { recursive: true });
  const gone = watchFiles([join(inner, 'a.ts')]);
  rmSync(join(folder, 'inner'), { recursive: true });
  expect(await gone.changed).toBe(inner);
  gone.close();
  const back = watchFiles([join(inner, 'a.ts')]);
  mkdirSync(inner, { recursive: true });
  expect(await back.changed).toBe(join(folder, 'inner'));
  back.close();
});
