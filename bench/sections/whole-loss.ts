/**
 * The whole loss from logits in Node. Compared with one pass over the logits, with L_crl alone, and on an engine of
 * tfjs with the cross entropy of stock operations. `bench/pytorch/baseline.py` times the same sizes in PyTorch.
 *
 * @module
 */
import { setHelpers } from '../../backends/host/threads/block-work.js';
import type { Pool } from '../../backends/host/threads/pool.js';
import { fusedBackend } from '../../backends/tfjs/backend.js';
import type { EngineName } from '../../backends/tfjs/index.js';
import { type DrawnBatch, rotation, type Size } from '../batches.js';
import type { Cases } from '../benny.js';
import { timeInTurn } from '../in-turn.js';
import type { Row, Section } from '../section.js';
import { SIZES, settingOf } from '../sizes.js';
import { engineSteps, onePass, rectificationOnHost, WHOLE, wholeOnHost } from '../whole-loss.js';

const GROWTH_IN_CLASSES: readonly Size[] = [8, 28, 100, 300, 1000, 3000].map((classes) => ({
  n: 1024,
  classes,
  kappa: 25,
}));

export const wholeLoss: Section = {
  id: 'whole-loss',
  title: 'The whole loss from logits and its gradient, class level, relative comparison',
  async run({ seconds, quick, engine }) {
    const rows: Row[] = [];
    for (const size of SIZES) {
      if (quick && size.n * size.classes > 2e5) continue;
      const logits = rotation(size, 'normal'); // drawing large batches takes longer than timing them
      const cases = {
        ...onePass(logits), // the first case is what the others are compared with
        ...wholeOnHost(size, logits),
        ...rectificationOnHost(size),
        ...(await onEngine(engine, size, logits)),
      };
      const found = await timeInTurn(cases, { seconds });
      rows.push(...found.map((row) => ({ setting: settingOf(size), ...row })));
    }
    const curve = 'classes, whole loss from logits, at n 1024 and κ 25';
    for (const size of GROWTH_IN_CLASSES) {
      if (quick && size.classes > 300) continue;
      const found = await timeInTurn(wholeOnHost(size, rotation(size, 'normal')), { seconds });
      rows.push(
        ...found.map((row) => ({ setting: settingOf(size), ...row, at: { curve, x: size.classes } })),
      );
    }
    return rows;
  },
};

/** The whole loss with threads; `pool` is what `startThreads` has started. */
export function wholeWithThreads(size: Size, logits: () => DrawnBatch, pool: Pool): Cases {
  const [whole] = Object.values(wholeOnHost(size, logits)) as [() => unknown];
  const threads = 1 + pool.size;
  return {
    [`${WHOLE}, ${threads} threads`]: () => {
      setHelpers(pool);
      const found = whole();
      setHelpers(undefined);
      return found;
    },
  };
}

async function onEngine(engine: EngineName, size: Size, next: () => DrawnBatch): Promise<Cases> {
  const backends = [await fusedBackend({ engine })];
  const { steps } = engineSteps(engine, size, { next, backends });
  return Object.fromEntries(
    Object.entries(steps).map(([name, step]) => {
      const run = () => {
        const value = step();
        const found = value.dataSync()[0];
        value.dispose();
        return found;
      };
      return [name, run];
    }),
  );
}
