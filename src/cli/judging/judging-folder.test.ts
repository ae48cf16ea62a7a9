import { existsSync, mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { thisProcess } from '../../support/process-identity.js';
import { makeFolder, removeFolder, removeLeftFolders } from './judging-folder.js';

describe('folders of judging processes', () => {
  const before = process.env.TMPDIR;
  const place = mkdtempSync(join(tmpdir(), 'folders-'));
  beforeAll(() => {
    process.env.TMPDIR = place;
  });
  afterAll(() => {
    if (before === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = before;
    rmSync(place, { recursive: true });
  });
  const folder = (name: string, owner?: object) => {
    const path = join(place, name);
    mkdirSync(path);
    if (owner) writeFileSync(join(path, 'owner.json'), JSON.stringify(owner));
    return path;
  };

  it('stay while their command runs, and are removed once it was killed', () => {
    const here = thisProcess();
    const killed = folder('crl-judging-killed', { ...here, pid: 2 ** 22 + 1 }); // more than there are
    const elsewhere = folder('crl-judging-elsewhere', { ...here, host: 'another machine' });
    const beingMade = folder('crl-judging-new');
    const old = folder('crl-judging-old');
    utimesSync(old, 0, 0);
    const ofOthers = folder('other');
    const own = makeFolder();
    removeLeftFolders();
    const stay = [killed, elsewhere, beingMade, old, ofOthers, own].map((path) => existsSync(path));
    expect(stay).toEqual([false, true, true, false, true, true]);
    removeFolder(own);
    expect(existsSync(own)).toBe(false);
  });
});
