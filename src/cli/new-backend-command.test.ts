import { describe, expect, it } from 'vitest';
import type { Report } from '../../properties/index.js';
import { crl } from './crl.test-helper.js';

describe('crl new-backend', () => {
  it.each([
    ['in TypeScript', [], 'my-kernel.ts'],
    ['in JavaScript', ['--javascript'], 'my-kernel.mjs'],
  ] as const)('writes a backend that passes, %s', (_, more, name) => {
    const written = crl(['new-backend', 'my-kernel', '--dir', 'new', ...more]);
    expect([written.code, written.err]).toEqual([0, '']);
    const command = `npx crl verify --backend ./new/${name}`;
    expect(written.out).toContain(command);
    const { code, out } = crl([...command.split(' ').slice(2), '--runs', '20', '--seed', '1', '--json']);
    expect([code, (JSON.parse(out) as Report).backend]).toEqual([0, 'my-kernel']);
    const again = crl(['new-backend', 'my-kernel', '--dir', 'new', ...more]);
    expect([again.code, again.err.includes('is there already')]).toEqual([2, true]);
  });

  it.each(['My', '../up', 'a b', '-a', 'reference', 'a--b'])('refuses the name %s', (name) => {
    expect(crl(['new-backend', '--', name]).code).toBe(2);
  });
});
