/**
 * Instance level on the host, compared with the matrix product of the same shape, which is the least that all
 * distances cost.
 *
 * @module
 */
import * as tf from '@tensorflow/tfjs';
import { hostLoss } from '../../backends/host/index.js';
import { loadEngine } from '../../backends/tfjs/index.js';
import { drawBatch, randomFrom } from '../batches.js';
import { time } from '../benny.js';
import { type Row, type Section, toRows } from '../section.js';

export const instance: Section = {
  id: 'instance',
  title: 'L_crl and its gradient, instance level, relative comparison',
  async run({ seconds, quick, engine }) {
    await loadEngine(engine);
    const product = `matrix product n×d by d×n on ${engine}, transposed first`;
    const rows: Row[] = [];
    for (const width of quick ? [128] : [128, 512]) {
      const size = { n: 1024, classes: 100, kappa: 25 };
      const batches = Array.from({ length: 8 }, (_, seed) => {
        const random = randomFrom(seed + 77);
        return {
          ...drawBatch(size, 'uniform', seed + 1),
          features: Float32Array.from({ length: size.n * width }, random),
        };
      });
      const matrices = batches.map(({ features }) => tf.tensor2d(features, [size.n, width]));
      const { rectification } = hostLoss({
        attributes: [size.classes],
        kappa: size.kappa,
        level: 'instance',
      });
      let at = 0;
      const next = <T>(of: readonly T[]) => of[at++ % of.length] as T;
      const cases = {
        [product]: () => {
          const found = tf.tidy(() => {
            const matrix = next(matrices);
            return tf.matMul(matrix, tf.transpose(matrix));
          });
          const first = found.dataSync()[0];
          found.dispose();
          return first;
        },
        host: () => rectification(next(batches)).loss,
      };
      const setting = `n ${size.n}, d ${width}, ${size.classes} classes, κ ${size.kappa}`;
      rows.push(...toRows(setting, await time(setting, cases, seconds), product));
      tf.dispose(matrices);
    }
    return rows;
  },
};
