import { expect, it } from 'vitest';
import { timedWatch, UNWATCHED } from './watch.js';

it('a timed watch adds up calls; those within others, and at once, count once', () => {
  let clock = 0;
  const watch = timedWatch(UNWATCHED, () => clock);
  const training = watch.onCall('training');
  clock = 10;
  const loss = watch.onCall('tensorLoss');
  clock = 15;
  loss();
  expect(watch.callTime()).toBe(15); // one call is under way
  clock = 20;
  training();
  clock = 100;
  expect(watch.callTime()).toBe(20);
  const [a, b] = [watch.onCall('balancedLoss'), watch.onCall('balancedLoss')];
  clock = 103;
  a();
  clock = 107;
  b();
  expect(watch.callTime()).toBe(27);
});
