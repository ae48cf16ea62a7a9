/**
 * The stable codes of refused input, as the code declares them.
 *
 * @module
 */
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const top = resolve(import.meta.dirname, '../..');

/** Where codes are declared, as unions of strings. */
const DECLARATIONS = [
  { file: 'spec/errors.ts', types: ['TypeErrorCode', 'RangeErrorCode'] },
  { file: 'src/data/errors.ts', types: ['DataErrorCode'] },
];

/** All codes of values, data and images, in the order of their declaration. */
export function inputErrorCodes(): string[] {
  return DECLARATIONS.flatMap(({ file, types }) => {
    const text = readFileSync(join(top, file), 'utf8');
    return types.flatMap((type) => {
      const union = text.match(new RegExp(`export type ${type} =([^;]*);`))?.[1];
      if (union === undefined) throw new Error(`${file} declares no ${type}`);
      return [...union.matchAll(/'([^']+)'/g)].map(([, code = '']) => code);
    });
  });
}
