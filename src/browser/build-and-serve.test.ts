import { readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { buildAndServe } from './build-and-serve.js';

const files = new Map([['index.html', Buffer.from('<p>here</p>')]]);

describe('a page that is opened by hand', () => {
  it('is in the folder, and is served', async () => {
    const folder = join(tmpdir(), `page-${process.pid}`);
    const address = await buildAndServe(files, folder);
    expect(readFileSync(join(folder, 'index.html'), 'utf8')).toBe('<p>here</p>');
    expect(await (await fetch(address)).text()).toBe('<p>here</p>');
    rmSync(folder, { recursive: true });
  });
});
