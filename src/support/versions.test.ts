import { readFileSync } from 'node:fs';
import { expect, it } from 'vitest';
import { VERSION } from './version.js';
import { versions } from './versions.js';

it('names the version of package.json, and those of what it stands on', () => {
  const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8'));
  expect(VERSION).toBe(version);
  expect(versions()).toMatchObject({ node: process.versions.node, '@tensorflow/tfjs-core': '4.22.0' });
});
