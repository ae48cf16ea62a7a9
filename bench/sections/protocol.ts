/**
 * What the protocol of backends in other languages costs: the time from a question to its answer, of a program in
 * Python that computes nothing.
 *
 * @module
 */
import { resolve } from 'node:path';
import { commandBackend } from '../../backends/command/index.js';
import { type BatchInput, createBatch, resolveOptions } from '../../spec/index.js';
import { interval } from '../../src/support/interval.js';
import { randomFrom } from '../batches.js';
import type { Row, Section } from '../section.js';

/** Samples of a batch: as many as the largest random cases of the suite have. */
const SAMPLES = 24;
/** Questions before timing starts, in which code is compiled. */
const WARM_UP = 300;

const SETTINGS = [
  { setting: 'class level, 10 classes', classes: 10, features: 0 },
  { setting: 'class level, 100 classes', classes: 100, features: 0 },
  { setting: 'instance level, 10 classes, 64 features', classes: 10, features: 64 },
] as const;

export const protocol: Section = {
  id: 'protocol',
  title: `A question of the protocol and its answer, ${SAMPLES} samples`,
  onlyAsked: true,
  needs: 'numpy',
  async run({ seconds, python }) {
    const command = [python, resolve('bench/protocol/echo_backend.py')] as const;
    const backend = await commandBackend({ command, timeout: 60 });
    const rows: Row[] = [];
    for (const { setting, classes, features } of SETTINGS) {
      const batch = createBatch(drawn(classes, features));
      const options = {
        ...resolveOptions(batch, { level: features > 0 ? 'instance' : 'class' }),
        alpha: 0.5,
      };
      const time = async () => {
        const begin = performance.now();
        await backend.balancedLoss(batch, options);
        return performance.now() - begin;
      };
      for (let asked = 0; asked < WARM_UP; asked++) await time();
      const times: number[] = [];
      for (const end = performance.now() + 1000 * seconds; performance.now() < end; )
        times.push(await time());
      const { mean, reach } = interval(times);
      rows.push({
        subject: 'Python',
        setting,
        milliseconds: [...times].sort((a, b) => a - b)[times.length >> 1] as number,
        margin: (100 * (reach ?? 0)) / mean,
        samples: times.length,
      });
    }
    await backend.dispose?.();
    return rows;
  },
};

function drawn(classes: number, features: number): BatchInput {
  const random = randomFrom(1);
  const rows = (columns: number) =>
    Array.from({ length: SAMPLES }, () => Array.from({ length: columns }, random));
  return {
    attributes: [classes],
    labels: Array.from({ length: SAMPLES }, () => [Math.floor(classes * random() ** 2)]),
    scores: rows(classes),
    fromLogits: true,
    ...(features > 0 ? { features: rows(features) } : {}),
  };
}
