import { describe, expect, it } from 'vitest';
import { properties } from '../../properties/index.js';
import { crl } from './crl.test-helper.js';
import type { ListedProperty } from './properties-command.js';

describe('crl properties', () => {
  it('lists each property with its claim, levels, cases and share of the time', () => {
    const { code, out } = crl(['properties', '--json']);
    const listed = JSON.parse(out) as ListedProperty[];
    expect([code, listed.map(({ id }) => id)]).toEqual([0, properties.map(({ id }) => id)]);
    expect(listed.find(({ id }) => id === 'mining-agrees')).toMatchObject({
      cases: 300,
      levels: ['core', 'full'],
    });
    expect(listed.find(({ id }) => id === 'nothing-leaks')?.required).toBe(false);
    // the shares are rounded, one by one
    expect(listed.reduce((sum, { share }) => sum + share, 0)).toBeCloseTo(1, 1);
    const text = crl(['properties', 'nothing-leaks', 'mining-agrees']).out;
    expect(text).toMatch(
      /mining-agrees \(core, full\)\n {4}The anchors .*\n {4}300 cases, \d+\.\d % of the time/,
    );
    expect(text).toContain('nothing-leaks (core, full, recommended)');
    expect(crl(['properties', 'nothing-leaks,mining-agrees']).out).toBe(text);
  });
});

describe('crl verify --list', () => {
  it('lists what would run, and runs nothing', () => {
    const args = ['verify', '--list', '--level', 'training', '--runs', '60', '--json'];
    const { code, out, err } = crl(args);
    const listed = JSON.parse(out) as ListedProperty[];
    expect([code, err]).toEqual([0, '']);
    expect(listed.map(({ id }) => id)).toContain('training-agrees');
    expect(listed.every(({ levels }) => levels.includes('training'))).toBe(true);
    expect(listed.find(({ id }) => id === 'training-agrees')?.cases).toBe(60);
  });
});
