import { describe, expect, it } from 'vitest';
import { LOADING } from '../../verify/watch.js';
import { Watchdog } from './watchdog.js';

/** When a process is stopped that records nothing more, in seconds after the request. */
const stoppedAt = (timeout: number, call: string, property = '') => {
  const dog = new Watchdog(timeout, 0);
  const record = { entry: 1, property, path: '', call };
  for (let now = 0; now < 3000; now++) if (dog.look(record, now) !== undefined) return now;
  return undefined;
};

describe('a judging process is stopped', () => {
  it.each([
    ['a call', 4, 'balancedLoss', 'loss-agrees', 5],
    ['a call before the first case', 4, 'balancedLoss', '', 5],
    ['loading', 4, LOADING, '', 61],
    ['loading, where a call may take longer', 100, LOADING, '', 101],
    ['the time before the first case', 4, '', '', 65],
    ['a case between calls', 4, '', 'loss-agrees', 601],
    ['a case between calls, where a call may take longer', 1000, '', 'loss-agrees', 1001],
  ])('if %s takes too long', (_, timeout, call, property, seconds) => {
    expect(stoppedAt(timeout, call, property)).toBe(seconds);
  });

  it('only if it records nothing else meanwhile', () => {
    const dog = new Watchdog(4, 0);
    for (let entry = 1; entry < 100; entry++)
      expect(dog.look({ entry, property: 'p', path: '', call: 'train' }, 4 * entry)).toBeUndefined();
  });

  it('also if its record can no longer be read, but not before it has recorded anything', () => {
    const dog = new Watchdog(4, 0);
    expect(dog.look(undefined, 1000)).toBeUndefined();
    expect(dog.look({ entry: 1, property: 'p', path: '', call: 'train' }, 1000)).toBeUndefined();
    expect(dog.look(undefined, 1004)).toBeUndefined();
    expect(dog.look(undefined, 1005)).toBe(4);
  });
});
