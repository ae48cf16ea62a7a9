import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { HOMEPAGE, VERSION } from './version.js';
import { versions } from './versions.js';

it('names the version of package.json, and those of what it stands on', () => {
  const { version, homepage } = JSON.parse(
    readFileSync(new URL('../../package.json', import.meta.url), 'utf8'),
  );
  expect([VERSION, HOMEPAGE]).toEqual([version, homepage]);
  expect(versions()).toMatchObject({ node: process.versions.node, '@tensorflow/tfjs-core': '4.22.0' });
});
