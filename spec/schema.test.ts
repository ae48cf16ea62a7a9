import { expect, it } from 'vitest';
import { createSchema } from './index.js';

it('an attribute has up to a million classes', () => {
  expect(createSchema({ attributes: [1_000_000] }).scoreWidth).toBe(1_000_000);
  expect(() => createSchema({ attributes: [1_000_001] })).toThrow(
    expect.objectContaining({
      code: 'attribute-invalid',
      expected: 'a class count (an integer from 1 to 1000000) or {name, classes}',
    }),
  );
});
