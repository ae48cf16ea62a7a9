import { expect, it } from 'vitest';
import { referenceBackend } from '../../../backends/reference.js';
import { createBatch, InputRangeError, resolveOptions } from '../../../spec/index.js';
import { demandSurfaces } from './surfaces-in-training.js';

const batch = createBatch({
  attributes: [2],
  labels: [[0], [1]],
  scores: [
    [0.5, 0.5],
    [0.5, 0.5],
  ],
});
const given = { batch, options: { ...resolveOptions(batch), alpha: 0.5 } };

/** Demands it of a backend whose training step does this. */
function demanded(step: () => number) {
  const train = async () => ({ loss: step(), gradient: [] });
  const subject = { backend: referenceBackend(), train };
  return demandSurfaces(subject, given, ['features[1][0]', 'features[0][1][0]'], Number.NaN);
}

function refusing(where: string): () => never {
  return () => {
    throw new InputRangeError({ code: 'feature-not-finite', where, expected: 'a finite number', got: 'NaN' });
  };
}

it('a loss that is NaN or infinite, and a refusal by one of the names of the place, are right', async () => {
  await demanded(() => Number.NaN);
  await demanded(() => Number.NEGATIVE_INFINITY);
  await demanded(refusing('features[1][0]'));
  await demanded(refusing('features[0][1][0]'));
});

it('a finite loss, and a refusal by another place, are wrong', async () => {
  await expect(demanded(() => 0)).rejects.toThrow('L with features[1][0] = NaN');
  await expect(demanded(refusing('features[0][0]'))).rejects.toThrow('the refusal');
});

it('another error is that of the backend', async () => {
  const broken = () => {
    throw new Error('out of memory');
  };
  await expect(demanded(broken)).rejects.toThrow('out of memory');
});
