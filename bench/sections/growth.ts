/**
 * How the cost of the host kernel grows with samples, classes and κ.
 *
 * @module
 */
import { hostLoss } from '../../backends/host/index.js';
import { rotation, type Size } from '../batches.js';
import { time } from '../benny.js';
import type { Row, Section } from '../section.js';

interface Curve {
  readonly name: string;
  readonly sizes: readonly Size[];
  readonly x: (size: Size) => number;
}

const CURVES: readonly Curve[] = [
  {
    name: 'κ, at n 8192 and 8 classes',
    sizes: [4, 8, 16, 32, 64, 128, 256].map((kappa) => ({ n: 8192, classes: 8, kappa })),
    x: ({ kappa }) => kappa,
  },
  {
    name: 'samples, at 100 classes and κ 25',
    sizes: [256, 512, 1024, 2048, 4096, 8192].map((n) => ({ n, classes: 100, kappa: 25 })),
    x: ({ n }) => n,
  },
  {
    name: 'classes, at n 1024 and κ 25',
    sizes: [8, 28, 100, 300, 1000].map((classes) => ({ n: 1024, classes, kappa: 25 })),
    x: ({ classes }) => classes,
  },
];

export const growth: Section = {
  id: 'growth',
  title: 'Growth of the host kernel, softmax scores',
  async run({ seconds }) {
    const rows: Row[] = [];
    for (const { name, sizes, x } of CURVES) {
      const cases = Object.fromEntries(
        sizes.map((size) => {
          const next = rotation(size, 'softmax');
          const { rectification } = hostLoss({ attributes: [size.classes], kappa: size.kappa });
          return [settingOf(size), () => rectification(next()).loss];
        }),
      );
      const timings = await time(`growth with ${name}`, cases, seconds);
      const base = timings[0];
      timings.forEach(({ name: setting, milliseconds, margin, samples }, at) => {
        rows.push({
          subject: 'host',
          setting,
          milliseconds,
          margin,
          samples,
          at: { curve: name, x: x(sizes[at] as Size) },
          ...(base && at > 0 ? { ratio: { to: base.name, value: milliseconds / base.milliseconds } } : {}),
        });
      });
    }
    return rows;
  },
};

function settingOf({ n, classes, kappa }: Size): string {
  return `n ${n}, ${classes} classes, κ ${kappa}`;
}
