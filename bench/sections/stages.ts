/**
 * The single stages of the backends that have them, on batches that are already checked.
 *
 * @module
 */

import { hostBackend } from '../../backends/host/backend.js';
import { referenceBackend } from '../../backends/reference.js';
import { tfjsBackend } from '../../backends/tfjs/backend.js';
import { type Backend, type Batch, createBatch, resolveOptions, selectMinority } from '../../spec/index.js';
import { drawBatch } from '../batches.js';
import { time } from '../benny.js';
import { type Row, type Section, toRows } from '../section.js';

const SIZE = { n: 256, classes: 28, kappa: 25 };

export const stages: Section = {
  id: 'stages',
  title: 'Single stages by the contract: host arrays in, host arrays out',
  async run({ seconds, engine }) {
    const backends: [string, Backend][] = [
      ['specification', referenceBackend()],
      ['host', hostBackend()],
      [`tfjs (graph) on ${engine}`, await tfjsBackend({ engine })],
    ];
    const batches = Array.from({ length: 16 }, (_, seed) => checked(seed + 1));
    const first = batches[0] as Batch;
    const options = { ...resolveOptions(first, { kappa: SIZE.kappa }), alpha: 0.5 };
    const selections = new Map(batches.map((batch) => [batch, selectMinority(batch, options)]));
    let at = 0;
    const next = () => batches[at++ % batches.length] as Batch;
    const rows: Row[] = [];
    const stage = async (name: string, run: (backend: Backend, batch: Batch) => unknown) => {
      const cases = Object.fromEntries(
        backends.map(([label, backend]) => [label, () => run(backend, next())]),
      );
      const setting = `${name}, n ${SIZE.n}, ${SIZE.classes} classes, κ ${SIZE.kappa}`;
      rows.push(...toRows(setting, await time(setting, cases, seconds), 'specification'));
    };
    await stage('selectMinority', (backend, batch) => backend.selectMinority?.(batch, options));
    await stage('mineHardSamples', (backend, batch) =>
      backend.mineHardSamples?.(batch, selections.get(batch) as never, options),
    );
    await stage('balancedLoss', (backend, batch) => backend.balancedLoss(batch, options));
    return rows;
  },
};

function checked(seed: number): Batch {
  const { n, classes } = SIZE;
  const { labels, scores } = drawBatch(SIZE, 'softmax', seed);
  return createBatch({
    attributes: [classes],
    labels: Array.from(labels, (label) => [label]),
    scores: Array.from({ length: n }, (_, i) => scores.subarray(i * classes, (i + 1) * classes)),
  });
}
