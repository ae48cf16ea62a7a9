import { expect, it } from 'vitest';
import { channelStatistics } from './channel-statistics.js';
import { keyedRandom } from './random.js';
import { arrayImages } from './sources/array-images.js';

it('channels’ means and deviations are those of all pixels at once', async () => {
  const random = keyedRandom(1);
  const pixels = Float32Array.from({ length: 5 * 12 * 2 }, (_, i) =>
    i % 2 === 0 ? random() : 1000 + random(),
  );
  const size = { width: 4, height: 3 };
  const { mean, deviation } = await channelStatistics(
    arrayImages({ size, channels: 2, pixels, labels: [0, 0, 0, 0, 0] }),
  );
  for (const c of [0, 1]) {
    const all = [...pixels].filter((_, i) => i % 2 === c);
    const average = all.reduce((a, b) => a + b, 0) / all.length;
    const variance = all.reduce((a, b) => a + (b - average) ** 2, 0) / all.length;
    expect(mean[c]).toBeCloseTo(average, 9);
    expect(deviation[c]).toBeCloseTo(Math.sqrt(variance), 9);
  }
});
