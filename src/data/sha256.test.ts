import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { sha256 } from './sha256.js';

const hex = (text: string) => Buffer.from(sha256(text).buffer).toString('hex');

it('is the hash that Node gives, of any text', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme', maxLength: 300 }), (text) => {
      expect(hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
    }),
  );
});

it.each([0, 55, 56, 63, 64, 65, 119, 120, 1e5])('is right where blocks begin and end: %i bytes', (length) => {
  const text = 'a'.repeat(length);
  expect(hex(text)).toBe(createHash('sha256').update(text).digest('hex'));
});
