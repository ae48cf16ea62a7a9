import { describe, expect, it } from 'vitest';
import type { Report } from '../../properties/index.js';
import { crl, file, folder } from './crl.test-helper.js';

const ARGS = ['--property', 'minority-agrees', '--runs', '2', '--seed', '1'];
const verify = (name: string, ...more: string[]) => crl(['verify', '--backend', name, ...ARGS, ...more]);

describe('a backend file that does not load', () => {
  it.each([
    [
      'throws.ts',
      "interface X { a: 1 }\n\nthrow new Error('at import');\n",
      'Error: at import (at throws.ts:3)',
    ],
    ['throws.mjs', "\nthrow new Error('at import');\n", 'Error: at import (at throws.mjs:2)'],
    ['syntax.ts', 'export default {\n  a: = 3\n};\n', 'syntax.ts:2:5'],
    [
      'factory.ts',
      "export default () => {\n  throw new Error('no kernel');\n};\n",
      'Error: no kernel (at factory.ts:2)',
    ],
    ['missing.ts', "\nimport './not-there.js';\nexport default {};\n", "Cannot find module './not-there.js'"],
    [
      'nothing.ts',
      'export const name = 1;\n',
      'expected a backend or a factory as default export, got undefined',
    ],
  ])('%s: exit 2, with the file and the line', (name, text, words) => {
    const { code, out, err } = verify(file(name, text));
    expect([code, out]).toEqual([2, '']);
    expect(err).toContain(words);
    expect(err).not.toContain(folder);
  });
});

describe('a backend file in CommonJS', () => {
  const START = "const { referenceBackend } = require('class-rectification/backends/reference');\n";
  it.each([
    ['an object', 'module.exports = { ...referenceBackend(), name: "common" };'],
    ['a factory', 'module.exports = () => ({ ...referenceBackend(), name: "common" });'],
    ['a default', 'exports.default = { ...referenceBackend(), name: "common" };'],
  ])('exports %s', (_, text) => {
    const { code, out, err } = verify(file('common.cjs', START + text), '--json');
    expect(code, err).toBe(0);
    expect((JSON.parse(out) as Report).backend).toBe('common');
  });
});
