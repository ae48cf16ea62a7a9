import { describe, expect, it } from 'vitest';
import { rulings } from '../../spec/index.js';
import { crl } from './crl.test-helper.js';

describe('crl rulings', () => {
  it('prints them all, to read and as JSON', () => {
    expect(JSON.parse(crl(['rulings', '--json']).out)).toEqual(rulings);
    const { out } = crl(['rulings']);
    for (const { name, text } of rulings) expect(out).toContain(`${name}\n  ${text}`);
  });

  it('prints those named, and refuses a name that there is not', () => {
    expect(crl(['rulings', 'hinge']).out).toContain('tested by: loss-agrees');
    const { code, err } = crl(['rulings', 'hindge']);
    expect(code).toBe(2);
    expect(err).toContain('ruling: expected the name of a ruling such as hinge, got "hindge"');
  });
});
