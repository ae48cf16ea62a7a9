import { describe, expect, it } from 'vitest';
import { keyedRandom } from '../../src/data/random.js';
import { CLASSES, drawPlace, drawStripes, mostAccuracy, nearestClass, stripeClass } from './overlap.js';

const all = Array.from({ length: CLASSES }, (_, index) => stripeClass(index));

describe('classes that overlap by construction', () => {
  it('are all pairs of a hue and a direction', () => {
    expect(new Set(all.map(({ hue, direction }) => `${hue} ${direction}`)).size).toBe(CLASSES);
    expect(CLASSES).toBe(12);
  });

  it('are told apart as often as their construction says, by their places alone', () => {
    const [images, most] = [400, mostAccuracy()];
    const right = all.flatMap((own, index) =>
      Array.from({ length: images }, (_, i) => {
        const found = nearestClass(drawPlace(own, keyedRandom(1, index, i)));
        return found.hue === own.hue && found.direction === own.direction;
      }),
    );
    const share = right.filter(Boolean).length / right.length;
    const error = Math.sqrt((most * (1 - most)) / right.length);
    expect(Math.abs(share - most)).toBeLessThan(4 * error);
    // (2·Φ(1.9231) − 1)², by a table of the normal distribution
    expect(most).toBeCloseTo(0.9455 ** 2, 3);
  });

  it('are drawn from their key alone, and differ in what is drawn alike for all', () => {
    const [first, second] = all as [(typeof all)[number], (typeof all)[number]];
    const image = drawStripes(first, 24, 1, 'a');
    expect(image.length).toBe(24 * 24 * 3);
    expect(drawStripes(first, 24, 1, 'a')).toEqual(image);
    expect(drawStripes(first, 24, 1, 'b')).not.toEqual(image);
    expect(drawStripes(second, 24, 1, 'a')).not.toEqual(image);
  });
});
