import { expect, it } from 'vitest';
import { isInstalled, packageVersions } from './package-versions.js';

it('reads the versions of installed packages, and leaves out the others', () => {
  expect(packageVersions(['@tensorflow/tfjs-core', 'no-such-package'])).toEqual({
    '@tensorflow/tfjs-core': '4.22.0',
  });
  expect(isInstalled('no-such-package')).toBe(false);
});
